"""Pages for readers without a session through nginx and its cache, beside nginx sending the same page as a file."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import nginx, reads


@dataclass(frozen=True)
class Fronted:
    """Rates over https, and what was asked."""

    page: str
    size: int
    file: reads.Rate
    kept: reads.Rate
    version: str


def measure(data: Path, names: list[str], rounds: int, seconds: int) -> Fronted | None:
    """In turns; None, and loudly, where there is no nginx."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        print("\n*** THERE IS NO NGINX: nothing is measured behind it. ***\n", file=sys.stderr)
        return None
    page = f"/{names[0]}"
    with reads.wiki(data) as address, tempfile.TemporaryDirectory(prefix="concord-nginx-") as made:
        folder = Path(made)
        body = urllib.request.urlopen(address + page).read()
        (folder / "files").mkdir()
        (folder / "files" / "page.html").write_bytes(body)
        port, files = urlsplit(address).port, reads.free_port()
        assert port is not None
        more = (
            f"server {{ listen 127.0.0.1:{files} ssl; ssl_certificate {folder}/fullchain.pem; "
            f"ssl_certificate_key {folder}/privkey.pem; root {folder}/files; sendfile on; }}"
        )
        with nginx.in_front(folder, port, more=more) as front:
            _same(front, page, body)
            beside = f"https://127.0.0.1:{files}", ["/page.html"]
            ours = f"https://127.0.0.1:{front.https}", [page]
            reads.measure(*ours, seconds)
            pairs = [(reads.measure(*beside, seconds), reads.measure(*ours, seconds)) for _ in range(rounds)]
    file, kept = (reads.median([pair[side] for pair in pairs]) for side in (0, 1))
    return Fronted(page, len(body), file, kept, _version())


def _same(front: nginx.Nginx, page: str, body: bytes) -> None:
    trust = ssl.create_default_context(cafile=front.certificate)
    found = urllib.request.urlopen(f"https://127.0.0.1:{front.https}{page}", context=trust).read()
    if found != body:
        raise SystemExit("nginx sends another page than the wiki")


def _version() -> str:
    said = subprocess.run(["nginx", "-v"], check=True, capture_output=True, text=True).stderr
    return said.strip().rpartition("/")[2]


def table(found: list[tuple[str, Fronted | None]]) -> str:
    """A column for each handbook."""
    there = [(label, one) for label, one in found if one is not None]
    if not there:
        return "nginx was not at hand, so nothing was measured behind it."
    head = f"| nginx {there[0][1].version}, https | " + " | ".join(label for label, _ in there) + " |"
    files = " | ".join(f"{one.file.per_second:,.0f}/s ({one.size:,} bytes)" for _, one in there)
    kept = " | ".join(
        f"{one.kept.per_second:,.0f}/s, {one.kept.per_second / one.file.per_second:.2f} of it, "
        f"p99 {one.kept.p99:.1f} ms"
        for _, one in there
    )
    return (
        f"{head}\n|---|{'---|' * len(there)}\n| the page as a file | {files} |\n"
        f"| the page by `deploy/nginx.conf`, kept until the next second | {kept} |"
    )
