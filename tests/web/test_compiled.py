"""Compiled templates are kept beside the templates, and used only while they are those of the same text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from wiki.web.compiled import KeptBeside


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "hello.html").write_text("Hello, {{ name }}.", encoding="utf-8")
    return tmp_path


class Counting(Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
        self.compiled += 1
        return super().compile(*arguments, **options)  # type: ignore[arg-type, call-overload]


def process(templates: Path, **rules: bool) -> Counting:
    """The templates as a process meets them that has just begun."""
    environment = Counting(loader=FileSystemLoader(templates), autoescape=True, **rules)
    environment.bytecode_cache = KeptBeside(templates, environment)
    return environment


def said(environment: Environment) -> str:
    return environment.get_template("hello.html").render(name="Ana")


def test_what_one_process_compiled_the_next_does_not(templates: Path) -> None:
    first, second = process(templates), process(templates)
    assert said(first) == said(second) == "Hello, Ana."
    assert (first.compiled, second.compiled) == (1, 0)


def test_another_text_is_compiled_anew(templates: Path) -> None:
    said(process(templates))
    (templates / "hello.html").write_text("Good morning, {{ name }}.", encoding="utf-8")
    assert said(process(templates)) == "Good morning, Ana."
    assert said(process(templates)) == "Good morning, Ana."


def test_other_rules_of_writing_templates_are_others(templates: Path) -> None:
    said(process(templates))
    other = process(templates, trim_blocks=True)
    assert said(other) == "Hello, Ana."
    assert other.compiled == 1


@pytest.mark.parametrize("keep", [0, 10, 32, 60, -1])
def test_what_is_damaged_is_not_used_and_is_made_again(templates: Path, keep: int) -> None:
    said(process(templates))
    (kept,) = (templates / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:keep])
    assert said(process(templates)) == "Hello, Ana."
    again = process(templates)
    assert said(again) == "Hello, Ana."
    assert again.compiled == 0


def test_where_nothing_can_be_written_everything_works(templates: Path) -> None:
    (templates / "__pycache__").write_text("no folder", encoding="utf-8")
    assert said(process(templates)) == said(process(templates)) == "Hello, Ana."
    assert sorted(file.name for file in templates.iterdir()) == ["__pycache__", "hello.html"]


def test_nothing_is_kept_where_python_keeps_nothing(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(process(templates)) == "Hello, Ana."
    assert not (templates / "__pycache__").exists()
