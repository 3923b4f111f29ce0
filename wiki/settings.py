"""Settings: ``WIKI_*`` environment variables over ``wiki.toml`` in the data directory, each with a safe default."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from email.errors import HeaderParseError
from email.headerregistry import Address
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from limits import parse_many

from wiki import logs, places
from wiki.addresses import host_name
from wiki.model.errors import Refused, Unavailable
from wiki.model.words import N_, say
from wiki.outbox import Hook, PostOffice
from wiki.providers import Provider, read_providers

_KEY_BYTES = 32
_SHORTEST_KEY = 16
EVERYONE, MEMBERS = "everyone", "members"
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Hooks(tuple[Hook, ...]):
    """The hooks that are set."""

    __slots__ = ()


@dataclass(frozen=True)
class Settings:
    """How this wiki runs. Every field but ``data`` may stand in ``wiki.toml`` under its name, and in the
    environment as ``WIKI_`` and its name in capitals."""

    data: Path = Path("instance")
    """The data directory (WIKI_DATA): content.git, wiki.db, wiki.toml."""
    database_url: str = field(default="", repr=False)
    """Where SQL is; default: wiki.db in the data directory."""
    redis_url: str = field(default="", repr=False)
    """Where Redis is, such as ``redis://cache.example.com:6379/0``: it counts tries and spreads the beat of the clock
    over several machines. Without it each process counts by itself."""
    secret_key: str = field(default="", repr=False)
    """Signs sessions; default: made once and kept in ``secret-key`` in the data directory."""
    site_name: str = "Concord"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    """Web processes."""
    site_url: str = ""
    """Where people reach the wiki, such as ``https://guidelines.example.com``; links in mail begin with it."""
    mail_server: str = field(default="", repr=False)
    """Sends the mail, such as ``smtp://user:password@mail.example.com:587``. Without it no mail is sent."""
    mail_from: str = ""
    """The address that mail comes from; default: that of the wiki itself."""
    hook: Hooks = Hooks()  # noqa: RUF009 - it never changes
    """Other programs that are told of what happens: tables ``[[hook]]`` in ``wiki.toml``, with url, secret, kind (json,
    slack or teams), events and folder."""
    hooks_private: bool = False
    """Lets hooks lead to this machine and the own network, and do without https."""
    join_domains: tuple[str, ...] = ()
    """Whoever has an address there may make an account."""
    system_name: str = "Concord"
    system_email: str = "concord@localhost"
    """Under whose name the wiki itself commits; fixed at founding."""
    signing_key: str = ""
    """A private SSH key without a passphrase; what comes into force is signed with it."""
    secure_cookies: bool = False
    """Set it where the wiki is reached by https only."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of proxies whose forwarded headers are believed."""
    proxy_user_header: str = ""
    """The header in which such a proxy names who has signed in there, by e-mail address; empty for none."""
    proxy_name_header: str = ""
    """The header in which it tells their name."""
    proxy_join: bool = False
    """Whether whoever it names has an account made for them; else only whose domain is among ``join_domains``."""
    oidc: tuple[Provider, ...] = ()
    """OpenID Connect providers: ``[oidc.NAME]`` tables, and ``WIKI_OIDC_…`` for one of them."""
    password_sign_in: bool = True
    """Whether colleagues may sign in with a password."""
    allowed_hosts: tuple[str, ...] = ()
    """The names under which the wiki is reached, such as ``guidelines.example.com``; others are refused.
    Default: that of ``site_url`` and this machine's own; any where there is no ``site_url``."""
    session_days: int = 30
    """How long somebody stays signed in."""
    reading: str = EVERYONE
    """Who may read: ``everyone`` or ``members``, which are those who have an account."""
    languages: tuple[str, ...] = places.languages()
    """Languages of the interface, the first where a browser asks for none of them."""
    content_language: str = "en"
    """The language that pages are written in, but those that name another."""
    max_page_bytes: int = 1 << 20
    max_attachment_bytes: int = 5 << 20
    """The size of one picture or document beside a page."""
    max_attachments: int = 20
    """How many of them one proposal may bring."""
    max_picture_megapixels: int = 60
    """How many million points a picture may have: a small file can unpack to more than a browser can hold."""
    sign_in_limit_per_account: str = "10 per 15 minutes"
    sign_in_limit_per_address: str = "100 per 15 minutes"
    invite: str = "administrators"
    """Who may invite: "administrators" or all "members"."""
    mail_limit_per_account: str = "3 per hour"
    """How often letters to one address are asked for by people who are not signed in."""
    mail_limit_per_address: str = "20 per hour"
    """The same for one network address."""
    proposal_limit: str = "60 per hour"
    """How many proposals one account may make."""
    act_limit: str = "300 per hour"
    """How often one account may comment, endorse, object, suggest and so on."""
    attachment_limit: str = "120 per hour"
    """How many files one account may send."""
    costly_limit: str = "300 per minute"
    """How often one account, or one address without an account, may ask for what takes the wiki long: searches,
    comparisons, who wrote what, previews."""
    kept_megabytes: int = 32
    """How much memory each web process may take to keep finished pages in."""
    metrics_from: tuple[str, ...] = ()
    """Addresses and networks that may read ``/-/metrics``, besides this machine itself."""
    log_format: str = logs.TEXT
    """How log lines are written: ``text`` for people or ``json`` for programs."""
    log_access: bool = False
    """Whether every request is logged."""
    demonstration: bool = False
    """Shows a banner; also set by a file ``demonstration`` in the data directory."""
    development: bool = False
    """Shows ``/-/components``, for those who work on the wiki itself."""

    @property
    def members_only(self) -> bool:
        """Whether only those may read who have an account."""
        return self.reading == MEMBERS

    @property
    def content_git(self) -> Path:
        """The content repository."""
        return self.data / "content.git"

    @property
    def address(self) -> str:
        """Where people reach the wiki, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.site_url or f"http://{host}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names, in small letters and without a port, that requests may be for; none where any may."""
        own = urlsplit(self.site_url).hostname if self.site_url else None
        named = self.allowed_hosts or ((own, *_LOOPBACK) if own else ())
        return frozenset(host.lower() for host in named)

    def session_secret(self) -> str:
        """What signs sessions: the setting, or a key made once and kept in the data directory."""
        return self.secret_key or _kept_key(self.data)

    @classmethod
    def load(cls, environ: Mapping[str, str], data: Path | None = None) -> Settings:
        """Read the settings. `Refused` names a key that is unknown or has a bad value."""
        place = (data or Path(environ.get("WIKI_DATA") or "instance")).absolute()
        values: dict[str, object] = {**_from_file(place / "wiki.toml"), **_from_environment(environ)}
        providers = read_providers(values.pop("oidc", {}), environ)
        settings = replace(cls(data=place, oidc=providers), **{key: _read(key, value) for key, value in values.items()})  # type: ignore[arg-type]
        _check(settings)
        return replace(
            settings,
            site_url=settings.site_url.rstrip("/"),
            database_url=settings.database_url or f"sqlite:///{place / 'wiki.db'}",
            demonstration=settings.demonstration or (place / "demonstration").exists(),
        )


def _check(settings: Settings) -> None:
    """What the kind of a value does not tell."""
    most = {"port": 65_535, "workers": 64, "session_days": 3_650, "max_page_bytes": 1 << 24,
            "max_attachment_bytes": 1 << 26, "max_attachments": 200, "max_picture_megapixels": 1_000,
            "kept_megabytes": 4_096}  # fmt: skip
    for key, limit in most.items():
        if getattr(settings, key) > limit:
            raise Refused(N_("The setting “%(key)s” must be at most %(most)s."), key=key, most=limit)
    if settings.secret_key and len(settings.secret_key) < _SHORTEST_KEY:
        raise Refused(
            N_("The setting “%(key)s” must have at least %(least)s characters."), key="secret_key", least=_SHORTEST_KEY
        )
    _check_choices(settings)
    try:
        for key in (name for name in _KINDS if "_limit" in name):
            parse_many(getattr(settings, key))
        key = "allowed_hosts"
        if any(host_name(host) != host.lower() for host in settings.allowed_hosts):
            raise ValueError(", ".join(settings.allowed_hosts))
        key = "content_language"
        Locale.parse(settings.content_language, sep="-")
        key = "trusted_proxies"
        for proxy in settings.trusted_proxies:
            ip_address(proxy)
        key = "metrics_from"
        for place in settings.metrics_from:
            ip_network(place)
    except (ValueError, UnknownLocaleError) as error:
        raise Refused(N_("The setting “%(key)s” makes no sense: %(why)s"), key=key, why=error) from error
    _check_addresses(settings)
    known = places.languages()
    if not settings.languages or not set(settings.languages) <= set(known):
        raise Refused(
            N_("The setting “languages” must name some of the languages that there are: %(known)s."),
            known=", ".join(known),
        )
    _check_ways_in(settings)


def _check_choices(settings: Settings) -> None:
    """Settings that know a few words only."""
    if settings.reading not in {EVERYONE, MEMBERS}:
        raise Refused(N_("The setting “reading” must be “everyone” or “members”."))
    if settings.invite not in {"administrators", "members"}:
        raise Refused(N_("The setting “invite” must be “administrators” or “members”."))
    if settings.log_format not in logs.FORMATS:
        raise Refused(N_("The setting “log_format” must be “text” or “json”."))


def _check_ways_in(settings: Settings) -> None:
    """A header that anybody could send, or no way to sign in at all."""
    for key in ("proxy_user_header", "proxy_name_header"):
        header = getattr(settings, key)
        if header and not _HEADER.fullmatch(header):
            why = say(N_("a header is written with letters, digits and hyphens"))
            raise Refused(N_("The setting “%(key)s” makes no sense: %(why)s"), key=key, why=why)
    if settings.proxy_user_header and not settings.trusted_proxies:
        raise Refused(
            N_("The setting “proxy_user_header” needs “trusted_proxies”: the addresses of those that may send it.")
        )
    if not (settings.password_sign_in or settings.oidc or settings.proxy_user_header):
        raise Refused(N_("With “password_sign_in” off and no provider, nobody could sign in."))


def _check_addresses(settings: Settings) -> None:
    """What leads out of the wiki, and back."""
    if settings.mail_server:
        PostOffice.parse(settings.mail_server)
    for hook in settings.hook:
        hook.check(settings.hooks_private)
    try:
        key = "site_url"
        parts = urlsplit(settings.site_url)
        if settings.site_url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError(settings.site_url)
        key = "mail_from"
        if settings.mail_from:
            Address(addr_spec=settings.mail_from)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise Refused(N_("The setting “%(key)s” makes no sense: %(why)s"), key=key, why=error) from error


_KINDS = {field.name: type(field.default) for field in fields(Settings) if field.name not in {"data", "oidc"}}


def _from_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(N_("%(file)s cannot be read: %(why)s"), file=file, why=error) from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """What is not in a ``WIKI_…`` is read from the file that ``WIKI_…_FILE`` names: so Docker hands out secrets."""
    names = {f"WIKI_{name.upper()}": name for name in _KINDS}
    in_files = {name: environ.get(f"{key}_FILE", "") for key, name in names.items()}
    held: dict[str, object] = {name: _held(Path(file)) for name, file in in_files.items() if file}
    return held | {names[key]: value for key, value in environ.items() if key in names and value != ""}


def _held(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(N_("%(file)s cannot be read: %(why)s"), file=file, why=error) from error


def _read(key: str, value: object) -> object:
    if key not in _KINDS:
        raise Refused(N_("There is no setting “%(key)s”."), key=key)
    expected, reader = _READERS[_KINDS[key]]
    found = reader(value)
    if found is None:
        raise Refused(N_("The setting “%(key)s” must be %(expected)s."), key=key, expected=say(expected))
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value) or None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _truth(value: object) -> bool | None:
    if isinstance(value, str):
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _list(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else None


def _hooks(value: object) -> Hooks | None:
    return Hooks(Hook.parse(table) for table in value) if isinstance(value, list) else None


_READERS: dict[type, tuple[str, Callable[[object], object]]] = {
    str: (N_("a text"), _text),
    int: (N_("a whole number"), _number),
    bool: (N_("true or false"), _truth),
    tuple: (N_("a list of texts"), _list),
    Hooks: (N_("a list of tables, each headed [[hook]]"), _hooks),
}


def _kept_key(place: Path) -> str:
    """The secret key of this data directory, made by whichever process comes first."""
    file = place / "secret-key"
    try:
        if not file.exists():
            place.mkdir(parents=True, exist_ok=True)
            _make_key(file)
        key = file.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise Unavailable(N_("The data directory %(path)s cannot be used: %(why)s"), path=place, why=error) from error
    if len(key) < _SHORTEST_KEY:
        raise Refused(
            N_("%(file)s holds no key. Remove it, and a new one is made; everyone signs in again."), file=file
        )
    return key


def _make_key(file: Path) -> None:
    """Write a key aside, whole and synced, then give it its name where nobody was quicker."""
    mine = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as written:
            written.write(secrets.token_hex(_KEY_BYTES))
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):
            os.link(mine, file)
    finally:
        mine.unlink()
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
