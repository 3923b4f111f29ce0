# docker build -t concord . && docker run -p 8000:8000 -v guidelines:/data concord

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/wiki
WORKDIR /src
COPY requirements.lock ./
RUN /opt/wiki/bin/pip install -q -r requirements.lock
COPY pyproject.toml LICENSE *.md ./
COPY scripts scripts
COPY content content
COPY static static
COPY templates templates
COPY wiki wiki
RUN /opt/wiki/bin/pip install -q --no-deps .

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin wiki \
    && install -d -o wiki -g wiki -m 0750 /data
COPY --from=build /opt/wiki /opt/wiki
ENV PATH=/opt/wiki/bin:$PATH PYTHONUNBUFFERED=1 WIKI_DATA=/data
USER wiki
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/-/health', timeout=4)"]
# The first start founds a wiki in the empty volume; its one-time link for the first account is in the log.
CMD ["sh", "-c", "[ -d content.git ] || wiki init; exec wiki serve --host 0.0.0.0"]
