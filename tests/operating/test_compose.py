"""The files for Docker fit each other and the program: what no engine is needed to see."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from benchmarks.nginx import DEPLOY, configuration
from scripts.image import instructions, sent
from tests.conftest import CHECKOUT
from tests.operating.test_deploy import KNOWN
from wiki.settings import Settings

COMPOSE = CHECKOUT / "compose.yaml"
DOCKERFILE = CHECKOUT / "Dockerfile"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file, with `<<` taken apart."""
    read = yaml.safe_load(COMPOSE.read_text("utf-8"))
    assert isinstance(read, dict)
    return read


def test_the_specification_of_compose_allows_the_file_and_not_one_with_a_slip(compose: dict[str, Any]) -> None:
    assert set(PyCompose.from_json(json.dumps(compose)).service_names()) == set(compose["services"])
    for right, wrong in (("restart: unless-stopped", "restart: perhaps"), ("    networks:", "    netwroks:")):
        text = COMPOSE.read_text("utf-8").replace(right, wrong)
        with pytest.raises(ValueError, match=wrong.split()[-1].strip(":")):
            PyCompose.from_json(json.dumps(yaml.safe_load(text)))


def test_every_setting_in_it_is_a_setting_that_there_is(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name in service.get("environment", {}):
            if name.startswith("WIKI_"):
                assert name.removesuffix("_FILE") in KNOWN


def test_every_name_in_it_leads_to_something(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert set(service["networks"]) <= set(compose["networks"]), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (CHECKOUT / source).exists() if source.startswith(".") else source in compose["volumes"], volume
        for other, how in service.get("depends_on", {}).items():
            watched = "healthcheck" in services[other] or services[other]["image"] == "concord"
            assert watched or how["condition"] != "service_healthy", f"{name} waits for the health of {other}"
        for told in re.findall(r"/run/secrets/([\w.-]+)", json.dumps(service)):
            assert told in service["secrets"], f"{name} is not given {told}"


def test_nothing_but_nginx_is_reached_from_elsewhere_and_everything_starts_again(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["nginx"]["ports"] == ["80:80", "443:443"]
    assert {name for name, service in services.items() if service["restart"] != "unless-stopped"} == {"found"}
    assert services["web"]["deploy"]["replicas"] > 1
    for service in services.values():
        assert service["image"] == "concord" or re.fullmatch(r"\w+:\d+\.\d+(\.\d+)?-bookworm", service["image"])
    trusted = services["web"]["environment"]["WIKI_TRUSTED_PROXIES"]
    assert trusted == services["nginx"]["networks"]["inside"]["ipv4_address"]
    assert "server web:8000;" in (DEPLOY / "nginx" / "compose.conf").read_text("utf-8")


def test_the_commands_in_it_are_commands_of_the_wiki(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        command = service.get("command", [])
        if command[:1] == ["wiki"]:
            words = [word for word in command[1:] if re.fullmatch(r"--[a-z-]+|[a-z]+", word)]
            done = subprocess.run(
                [sys.executable, "-m", "wiki.cli", command[1], "--help"], capture_output=True, text=True, check=True
            )
            assert [word for word in words[1:] if word not in done.stdout] == []


def test_the_script_makes_every_secret_once_and_readable_by_those_who_come_into_the_folder(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "deploy").mkdir()
    script = tmp_path / "deploy" / "secrets"
    script.write_text((DEPLOY / "secrets").read_text("utf-8"), encoding="utf-8")
    rounds = []
    for _ in range(2):
        subprocess.run(["sh", script, "wiki.example.org"], check=True, capture_output=True)
        rounds.append({file.name: file.read_text("utf-8") for file in (tmp_path / "secrets").iterdir()})
    made, again = rounds
    assert made == again
    assert {f"./secrets/{name}" for name in made} == {secret["file"] for secret in compose["secrets"].values()}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert made["postgres-password"].strip() in made["database-url"]
    assert (tmp_path / ".env").read_text("utf-8") == "CONCORD_NAME=wiki.example.org\n"
    environ = {"WIKI_DATA": str(tmp_path), "WIKI_SECRET_KEY_FILE": str(tmp_path / "secrets" / "secret-key")}
    assert len(Settings.load(environ).secret_key) == 48


def test_nginx_takes_the_site_of_compose(tmp_path: Path) -> None:
    whole, _, _ = configuration(tmp_path, (DEPLOY / "nginx" / "compose.conf").read_text("utf-8"), 8000)
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_image_is_built_of_files_that_there_are_and_runs_as_nobody_who_may_do_much() -> None:
    steps = instructions(DOCKERFILE.read_text("utf-8"))
    files = {str(path) for path in sent(CHECKOUT, (CHECKOUT / ".dockerignore").read_text("utf-8"))}
    assert "wiki/cli.py" in files
    beside = {path for path in files if not path.startswith(("wiki/", "templates/", "static/", "content/"))}
    lists = {"pyproject.toml", "requirements.lock"}
    assert beside == {"LICENSE", "README.md", "scripts/compile_translations.py", *lists}
    last = dict(steps)
    assert last["USER"] == "10001:10001"
    assert {"HEALTHCHECK", "VOLUME", "STOPSIGNAL", "EXPOSE"} <= set(last)
    assert all(re.match(r"python:3\.\d+\.\d+-slim-\w+", rest) for word, rest in steps if word == "FROM")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
