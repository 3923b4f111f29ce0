"""A wiki whose colleagues may sign in at a provider next door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, PATIENCE, ProviderNextDoor, open_provider
from tests.world import Page, Visitor, World, copy_of, open_world
from wiki.providers import Provider
from wiki.web.sso import asking

BEGIN, BACK, ARRIVED = (f"/-/sign-in/company{end}" for end in ("", "/back", "/arrived"))
WAYS = "/-/ways-to-sign-in"
LIMITS = asking.CONNECT_SECONDS, asking.READ_SECONDS, asking.WHOLE_SECONDS


@pytest.fixture(scope="session")
def next_door() -> Iterator[ProviderNextDoor]:
    """The provider, for all tests."""
    with open_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider shares this machine with all else that is tested, and may take longer than one elsewhere."""
    for limit in ("CONNECT_SECONDS", "READ_SECONDS", "WHOLE_SECONDS"):
        monkeypatch.setattr(asking, limit, PATIENCE)


@pytest.fixture(autouse=True)
def _unspoilt(next_door: ProviderNextDoor) -> None:
    next_door.spoil()


@dataclass
class Door:
    """A wiki and the provider beside it."""

    world: World
    provider: ProviderNextDoor

    def visitor(self, who: str | None = None) -> Visitor:
        """Somebody at a browser of their own."""
        return self.world.visitor(who)

    def set_out(self, visitor: Visitor, address: str = BEGIN) -> str:
        """Follow the link on the sign-in page; the address at the provider to which it leads."""
        response = visitor.client.get(address)
        assert response.status_code == 302, response.get_data(as_text=True)
        return str(response.headers["Location"])

    def come(self, visitor: Visitor, subject: str | None, address: str = BEGIN) -> Page:
        """Sign in at the provider, and come back; the page that is shown then."""
        return self.return_(visitor, self.provider.sign_in(self.set_out(visitor, address), subject))

    def return_(self, visitor: Visitor, url: str) -> Page:
        """Come back from the provider, as it says."""
        parts = urlsplit(url)
        return visitor.open(f"{parts.path}?{parts.query}")


Open = Callable[..., Door]


@pytest.fixture
def open_door(founded: Path, tmp_path: Path, next_door: ProviderNextDoor) -> Iterator[Open]:
    """Opens a wiki: ``open_door(join=True, site_url=…)``, with settings of the provider and of the wiki."""
    with ExitStack() as stack:

        def opened(settings: dict[str, object] | None = None, **of_provider: object) -> Door:
            provider = Provider("company", next_door.issuer, CLIENT_ID, CLIENT_SECRET, "Company account", join=True)
            provider = replace(provider, **of_provider)  # type: ignore[arg-type]
            data = copy_of(founded, tmp_path / "data")
            world = stack.enter_context(open_world(data, oidc=(provider,), **(settings or {})))
            world.clock.at = time.time()
            return Door(world, next_door)

        yield opened


@pytest.fixture
def door(open_door: Open) -> Door:
    """A wiki where whoever the provider knows may make an account."""
    return open_door()
