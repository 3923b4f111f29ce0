"""The wheel is a whole wiki: pages, styles, starter guidelines and migrations travel inside it."""

import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("concord_wiki-*.whl")
    with ZipFile(built) as archive:
        yield archive


@pytest.mark.parametrize("folder", ["templates", "static", "content"])
def test_every_file_beside_the_package_travels_with_it(wheel, folder):
    ours = {f"wiki/{path.relative_to(ROOT)}" for path in files_below(folder)}
    assert ours
    assert ours <= set(wheel.namelist())


def test_every_file_of_the_package_travels(wheel):
    ours = {str(path.relative_to(ROOT)) for path in files_below("wiki")}
    assert ours <= set(wheel.namelist())


def test_every_catalogue_travels_compiled(wheel):
    catalogues = {name for name in wheel.namelist() if name.endswith(".po")}
    assert {name.removesuffix(".po") + ".mo" for name in catalogues} <= set(wheel.namelist())


def test_nothing_else_is_installed(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"wiki"}


def test_the_wheel_brings_the_wiki_command(wheel):
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "wiki = wiki.cli:main" in wheel.read(entry_points).decode()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_locked_and_no_lock_names_a_place(lock):
    text = (ROOT / lock).read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for requirement in project["dependencies"]:
        name = requirement.partition(">")[0].lower()
        assert f"\n{name}==" in text
    assert "://" not in text


def files_below(folder: str) -> list[Path]:
    """Without what Python leaves behind."""
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return [path for path in files if "__pycache__" not in path.parts]
