"""DokuWiki as Debian packs it, under php-fpm and nginx, with settings, pages and sockets in a folder of its own."""

from __future__ import annotations

import gzip
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks import reads

PROGRAM, SETTINGS = Path("/usr/share/dokuwiki"), Path("/etc/dokuwiki")
PHP_WORKERS = 4
_PARTS = ("pages", "attic", "cache", "index", "locks", "log", "media", "media_attic", "media_meta", "meta", "tmp")
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class DokuWiki:
    """Where it answers, and where its pages are."""

    address: str
    data: Path

    def texts(self) -> Iterator[str]:
        """Every text that there is or was: old revisions and pages."""
        for file in (self.data / "attic").rglob("*.txt.gz"):
            yield gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
        for file in (self.data / "pages").rglob("*.txt"):
            yield file.read_text("utf-8")


def php_fpm() -> str:
    """The program; an end with advice where a part is missing."""
    found = sorted(Path("/usr/sbin").glob("php-fpm*"))
    if not found or shutil.which("nginx") is None or not (PROGRAM / "doku.php").exists():
        raise SystemExit("DokuWiki, php-fpm or nginx is not here: scripts/need dokuwiki nginx (Debian) installs them.")
    return str(found[-1])


def versions() -> str:
    """What is measured."""
    php = subprocess.run([php_fpm(), "-v"], check=True, capture_output=True, text=True).stdout.split()[1]
    nginx = subprocess.run(["nginx", "-v"], check=True, capture_output=True, text=True).stderr.strip()
    release = (PROGRAM / "VERSION").read_text("utf-8").strip()
    return f"DokuWiki {release}, PHP {php}, nginx {nginx.rpartition('/')[2]}, {PHP_WORKERS} processes of PHP"


def page_id(name: str) -> str:
    """What DokuWiki calls a page of ours."""
    return ":".join(re.sub(r"[^a-z0-9_.-]+", "_", part.lower()).strip("_.-") or "x" for part in name.split("/"))


def view(name: str) -> str:
    """The address of a page."""
    return f"/doku.php?id={quote(page_id(name))}"


@contextmanager
def serving(folder: Path, texts: Mapping[str, str]) -> Iterator[DokuWiki]:
    """It with these pages, as long as the block lasts."""
    data = _prepare(folder, texts)
    port = reads.free_port()
    (folder / "fpm.conf").write_text(_fpm(folder), "utf-8")
    (folder / "nginx.conf").write_text(_nginx(folder, port), "utf-8")
    commands = (
        [php_fpm(), "-R", "-F", "-y", str(folder / "fpm.conf")],
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")],
    )
    with (folder / "said").open("wb") as said:
        begun = [subprocess.Popen(command, stdout=said, stderr=said) for command in commands]
    try:
        _wait_until_answered(folder / "php.sock", begun[0])
        reads.wait_until_open(port, begun[1])
        yield DokuWiki(f"http://127.0.0.1:{port}", data)
    finally:
        for process in reversed(begun):
            process.terminate()
            process.wait(20)


def _wait_until_answered(listening: Path, process: subprocess.Popen[bytes]) -> None:
    """PHP begins later than the server before it, which has nobody to ask until then."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with closing(socket.socket(socket.AF_UNIX)) as asked, suppress(OSError):
            asked.connect(str(listening))
            return
        time.sleep(0.05)
    raise SystemExit(f"PHP does not answer at {listening}")


def _prepare(folder: Path, texts: Mapping[str, str]) -> Path:
    """Its settings, whose place is given to PHP before anything runs, and its pages as files."""
    settings, data = folder / "conf", folder / "data"
    shutil.copytree(SETTINGS, settings, ignore=shutil.ignore_patterns("*.auth.php"))
    said = f"<?php\n$conf['savedir'] = '{data}';\n$conf['useacl'] = 0;\n$conf['title'] = 'Measured';\n"
    (settings / "local.php").write_text(said, "utf-8")
    before = f"<?php\ndefine('DOKU_MAIN_CONF', '{settings}/');\ndefine('DOKU_CONF', '{settings}/');\n"
    (folder / "before.php").write_text(before, "utf-8")
    for part in (*_PARTS, "../sessions"):
        (data / part).mkdir(parents=True)
    for name, text in texts.items():
        file = data / "pages" / f"{page_id(name).replace(':', '/')}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return data


def _fpm(folder: Path) -> str:
    return (
        f"[global]\nerror_log = {folder}/fpm.log\ndaemonize = no\n[wiki]\nuser = root\ngroup = root\n"
        f"listen = {folder}/php.sock\npm = static\npm.max_children = {PHP_WORKERS}\n"
        f"php_admin_value[auto_prepend_file] = {folder}/before.php\n"
        f"php_admin_value[session.save_path] = {folder}/sessions\n"
    )


def _nginx(folder: Path, port: int) -> str:
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    return (
        f"user root; worker_processes 2; daemon off; pid {folder}/pid; error_log stderr warn;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; {places}\nserver {{ listen 127.0.0.1:{port}; root {PROGRAM}; index doku.php;\n"
        "location ~ \\.php$ { include /etc/nginx/fastcgi_params; "
        "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; "
        f"fastcgi_pass unix:{folder}/php.sock; }}\n}}\n}}\n"
    )
