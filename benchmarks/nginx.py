"""nginx with the files of deploy/, as an operator would run it, but at ports of its own and in a folder of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import reads

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
NAME = "guidelines.example.com"
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Nginx:
    """Where it listens, on loopback. The certificate is its own authority."""

    https: int
    http: int
    certificate: Path
    process: subprocess.Popen[bytes]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that holds for two days, and its key."""
    key, made = folder / "privkey.pem", folder / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", made, "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"], capture_output=True, check=True,
    )  # fmt: skip
    return made, key


def configuration(folder: Path, site: str, wiki: int, more: str = "") -> tuple[str, int, int]:
    """The whole configuration around a site of deploy/, for a wiki at that port of this machine, and the ports for
    https and http. ``more`` is put beside the site."""
    made, key = certificate(folder)
    https, http, relay = (reads.free_port() for _ in range(3))
    shared = DEPLOY / "nginx"
    moved = {
        r"listen +\[::\]:(443|80).*;": "",
        r"listen +443": f"listen 127.0.0.1:{https}",
        r"listen +80;": f"listen 127.0.0.1:{http};",
        r"ssl_certificate +.*;": f"ssl_certificate {made};",
        r"ssl_certificate_key +.*;": f"ssl_certificate_key {key};",
        r"server [\w.]+:8000\b": f"server 127.0.0.1:{wiki}",
        r"127\.0\.0\.1:8001\b": f"127.0.0.1:{relay}",
        r"/var/cache/nginx-concord\b": f"{folder}/cache",
    }
    for name in ("http.conf", "server.conf"):
        site = site.replace(f"include /etc/nginx/concord/{name};", (shared / name).read_text("utf-8"))
    for old, new in moved.items():
        site = re.sub(old, new, site)
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    whole = (
        f"user root; worker_processes 2; daemon off; pid {folder}/pid; error_log stderr warn;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ access_log off; types {{ text/html html; }} {places}\n{site}\n{more}\n}}\n"
    )
    return whole, https, http


@contextmanager
def in_front(folder: Path, wiki: int, site: str | None = None, more: str = "") -> Iterator[Nginx]:
    """nginx in front of the wiki at that port, as long as the block lasts."""
    whole, https, http = configuration(folder, site or (DEPLOY / "nginx.conf").read_text("utf-8"), wiki, more)
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], check=False, capture_output=True, text=True)
    if checked.returncode:
        raise RuntimeError(checked.stderr)
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, stdout=errors, stderr=errors)
    try:
        reads.wait_until_open(https, process)
        yield Nginx(https, http, folder / "fullchain.pem", process)
    finally:
        process.terminate()
        process.wait(20)
