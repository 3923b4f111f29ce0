"""What all tests share: a founded repository, a real handbook, and how far chance is to search."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled import share_statements
from tests.house import BEGAN, DAY, PAGES, POLICY, SYSTEM, House, check_from_outside
from tests.world import World, begin, copy_of, open_world, write_pages
from wiki.repository.founding import found

CHECKOUT = Path(__file__).resolve().parent.parent

IN_MEMORY = Path("/dev/shm")
"""Where files wait for no disk. Everything that a test writes is synced, and thousands of tests write."""
ROOM = 4 << 30

if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

share_statements()

_CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("dev", max_examples=60, **_CALM)
settings.register_profile("ci", max_examples=600, print_blob=True, **_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

Build = Callable[..., House]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: a third of the time a test waits, for a browser or a server."""
    return max(1, len(os.sched_getaffinity(0)) * 3 // 2)


def pytest_collection_finish() -> None:
    """What has been read by now stays until the end, so nobody need look again and again whether it is garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


@pytest.fixture(scope="session")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str], str], Path]:
    """Found each house once; tests get copies."""
    founded: dict[tuple[tuple[tuple[str, str], ...], str], Path] = {}

    def path(pages: Mapping[str, str], policy: str) -> Path:
        key = (tuple(sorted(pages.items())), policy)
        if key not in founded:
            place = tmp_path_factory.mktemp("founded")
            for name, text in pages.items():
                (place / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
                (place / "pages" / name).write_text(text, encoding="utf-8")
            (place / "pages").mkdir(exist_ok=True)
            found(place / "content.git", place / "pages", policy, SYSTEM, BEGAN - 90 * DAY)
            founded[key] = place / "content.git"
        return founded[key]

    return path


@pytest.fixture
def build(_founded: Callable[[Mapping[str, str], str], Path], tmp_path: Path) -> Iterator[Build]:
    """Builds houses: ``build(policy=…, pages=…)``. Afterwards each is checked from outside."""
    houses: list[House] = []

    def house(policy: str = POLICY, pages: Mapping[str, str] = PAGES) -> House:
        place = tmp_path / f"house{len(houses)}" / "content.git"
        shutil.copytree(_founded(pages, policy), place)
        houses.append(House(place))
        return houses[-1]

    yield house
    for built in houses:
        built.close()
        if not built.damaged:
            check_from_outside(built.path, built.path.parent)


@pytest.fixture
def house(build: Build) -> House:
    """A small house where two colleagues are enough."""
    return build()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a small wiki, to copy."""
    place = tmp_path_factory.mktemp("small")
    data = begin(place / "data", write_pages(place / "pages"))
    with open_world(data):
        pass  # people are told from now on, in the copies too
    return data


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A small wiki with five colleagues."""
    with open_world(copy_of(founded, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture(scope="session")
def handbook_founded(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a wiki on a real handbook with its whole history, to copy."""
    return begin(tmp_path_factory.mktemp("handbook") / "data", corpus)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A real handbook, as a bundle or a repository."""
    path = Path(os.environ.get("CONCORD_CORPUS", CHECKOUT / "../shared/corpora/18f-guidelines.bundle")).resolve()
    if not path.exists():
        pytest.skip("no handbook here: CONCORD_CORPUS says where a bundle or clone of one is")
    return path


@pytest.fixture(scope="session")
def imported(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook founded as a wiki, to read."""
    path = tmp_path_factory.mktemp("handbook") / "content.git"
    found(path, corpus, POLICY, SYSTEM, BEGAN - 90 * DAY)
    return path


@pytest.fixture
def handbook(imported: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of the handbook, to write in."""
    house = House(Path(shutil.copytree(imported, tmp_path / "handbook" / "content.git")))
    yield house
    house.close()
    check_from_outside(house.path, house.path.parent)
