"""The machine and the data directory: git, disk, who may read what, and settings that contradict each other."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from wiki.doctor.finding import Finding
from wiki.health.bounds import room_at
from wiki.repository import check_git_version, git_version
from wiki.settings import Settings

_OTHERS = stat.S_IRWXO
_OTHERS_AND_GROUP = stat.S_IRWXG | stat.S_IRWXO


def git() -> Iterator[Finding]:
    """Whether there is a git that is new enough."""
    check_git_version()
    yield Finding("git", True, f"version {git_version()}")


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room."""
    room = room_at(settings.data)
    said = f"{_sized(room.free)} of {_sized(room.total)} are free"
    yield Finding("disk", room.enough, said if room.enough else f"only {said}; make room before writing stops.")


def _sized(octets: int) -> str:
    return f"{octets / 1e9:.1f} GB" if octets >= 10**9 else f"{octets / 1e6:.1f} MB"


def permissions(settings: Settings) -> Iterator[Finding]:
    """Whether the wiki may write its data, and nobody else may read it."""
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        said = f"this user may not write {settings.data}; run it as the user that serves the wiki."
        yield Finding("data directory", False, said)
    elif settings.data.stat().st_mode & _OTHERS:
        said = f"everybody on this machine may enter it: chmod o-rwx {settings.data}"
        yield Finding("data directory", False, said)
    else:
        yield Finding("data directory", True, str(settings.data))
    yield from _of_secrets(settings)


def _of_secrets(settings: Settings) -> Iterator[Finding]:
    key = settings.data / "secret-key"
    if settings.secret_key:
        yield Finding("secret key", True, "it is in the settings")
    elif not key.exists():
        yield Finding("secret key", True, "there is none yet; the first start makes it")
    else:
        yield _for_the_owner("secret key", key)
    if settings.signing_key:
        yield _for_the_owner("signing key", Path(settings.signing_key))


def _for_the_owner(about: str, file: Path) -> Finding:
    if not os.access(file, os.R_OK):
        return Finding(about, False, f"{file} cannot be read; run this as the user that serves the wiki.")
    if file.stat().st_mode & _OTHERS_AND_GROUP:
        return Finding(about, False, f"others than its owner may read it: chmod 600 {file}")
    return Finding(about, True, "only its owner may read it")


def settings_agree(settings: Settings) -> Iterator[Finding]:
    """Settings that are allowed each by itself, and cannot be meant together."""
    found = [Finding("settings", False, said) for said in _contradictions(settings)]
    yield from found or [Finding("settings", True, "none contradicts another")]


def _contradictions(settings: Settings) -> Iterator[str]:
    site = urlsplit(settings.site_url)
    if settings.secure_cookies and site.scheme == "http":
        yield "“secure_cookies” is on and “site_url” begins with http: nobody can sign in there. Serve it by https."
    if site.scheme == "https" and not settings.secure_cookies:
        yield "“site_url” begins with https and “secure_cookies” is off: set it to true."
    if site.scheme == "https" and not settings.trusted_proxies:
        said = "something in front of the wiki must speak https for “site_url”: name its address in “trusted_proxies”"
        yield f"{said}, else all visitors seem to come from there and share one limit."
    if settings.mail_server and not settings.site_url:
        yield f"mail is sent and “site_url” is empty: links in letters lead to {settings.address}. Set it."
    if settings.join_domains and not settings.mail_server:
        yield "“join_domains” lets people in by mail and “mail_server” is empty: nobody can join. Set one."
    if site.hostname and settings.allowed_hosts and site.hostname not in settings.hosts:
        yield f"“allowed_hosts” does not name {site.hostname}, where “site_url” leads: add it."
    if not settings.site_url and not _at_home(settings.host) and not settings.allowed_hosts:
        yield f"the wiki listens at {settings.host} for any name: set “site_url” or “allowed_hosts”."
    if settings.proxy_join and not settings.proxy_user_header:
        yield "“proxy_join” does nothing without “proxy_user_header”."


def _at_home(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
