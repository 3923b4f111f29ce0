# docker build -t concord . && docker run -p 8000:8000 -v guidelines:/data concord
# More of it in docs/operating/docker.md; `make image` runs these steps without Docker.

FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/wiki
WORKDIR /src
COPY requirements.lock ./
RUN /opt/wiki/bin/pip install -q -r requirements.lock
COPY pyproject.toml LICENSE README.md ./
COPY scripts/compile_translations.py scripts/
COPY content content
COPY static static
COPY templates templates
COPY wiki wiki
# What only wikis of several machines need is in the image all the same.
RUN /opt/wiki/bin/pip install -q --constraint requirements.lock ".[postgres,redis]" \
    && /opt/wiki/bin/pip uninstall -q -y pip setuptools

FROM python:3.11.13-slim-bookworm
LABEL org.opencontainers.image.title="Concord" \
      org.opencontainers.image.description="A wiki for the guidelines of a company" \
      org.opencontainers.image.licenses="MIT"
# Debian keeps the newest fix of a version only, so there is none to name. ssh-keygen signs what comes into force.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 wiki \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin wiki \
    && install -d -o wiki -g wiki -m 0700 /data
COPY --from=build /opt/wiki /opt/wiki
ENV PATH=/opt/wiki/bin:$PATH LANG=C.UTF-8 TZ=UTC PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WIKI_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as ask; ask.urlopen('http://127.0.0.1:%s/-/healthz' % os.environ.get('WIKI_PORT', '8000'), timeout=4)"]
# The first start founds a wiki in the empty volume; its one-time link for the first account is in the log.
CMD ["sh", "-c", "{ [ -d content.git ] || wiki init; } && exec wiki serve --host 0.0.0.0"]
