"""Every sentence on screen can be said in every language of the interface, and is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment

from wiki import places
from wiki.model import errors

ROOT = Path(__file__).parents[1]
LANGUAGES = tuple(tag for tag in places.languages() if tag != "en")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None, "_l": None,
            "say_number": (2, 3)}  # fmt: skip
REFUSALS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt")
# Templates that only those who work on the wiki see.
OURS = frozenset({"components.html"})


@cache
def sentences() -> frozenset[object]:
    """All that code and templates say: texts, and pairs of them where the number matters."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS)
    return frozenset(message for _file, _line, message, _comments, _context in found)


def catalogue(language: str) -> Catalog:
    """The catalogue of a language."""
    path = places.translations() / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_mail_is_among_what_is_said() -> None:
    assert "Is this your new address?" in sentences()


def test_there_are_the_languages_that_were_promised() -> None:
    assert set(LANGUAGES) == {"ar", "de", "es", "fr", "ja"}
    assert len(sentences()) > 1_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    messages = {message.id: message for message in catalogue(language) if message.id}
    assert messages.keys() - sentences() == set(), "run `make translations`: these are said no more"
    assert sentences() - messages.keys() == set(), "run `make translations`, and translate what is new"
    empty = [message.id for message in messages.values() if not all(_forms(message.string)) or message.fuzzy]
    assert empty == [], "translate these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_can_be_filled_in_like_the_sentence(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = {gap for form in _forms(message.id) for gap in _gaps(form)}
        number = {"num"} if isinstance(message.id, tuple) else set()
        for form in _forms(message.string):
            gaps = _gaps(form)
            if not wanted - number <= gaps <= wanted:
                wrong.append((message.id, form))
            form % dict.fromkeys(gaps, 7)
        wrong += [(message.id, str(error)) for error in message.check()]
    assert wrong == []


def _forms(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string or ""),)


def _gaps(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[0-9]*[a-zA-Z]", text))


def test_no_template_says_anything_in_english_alone() -> None:
    paths = sorted(path for kind in ("html", "txt") for path in places.templates().rglob(f"*.{kind}"))
    said = [f"{path.name}: {words}" for path in paths if path.name not in OURS
            for words in _words_of_template(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert said == []


def test_words_outside_of_a_translation_would_be_found() -> None:
    page = """<p {% if a %}class="b"{% endif %} title="{{ _('Yes') }}">{{ _('Said') }}
        <b>not said</b> <a title="Nor this">·</a>"""
    assert list(_words_of_template(page)) == ["not said", "Nor this"]


def _words_of_template(source: str) -> Iterator[str]:
    """Words that stand in a template as they are. What it computes is taken for a mark that is no word."""
    written = []
    inside = False
    for _line, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            written.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            inside = True
        elif kind in {"variable_end", "block_end"} and inside:
            inside = False
            written.append("\0" if kind == "variable_end" else "")
    page = re.sub(r"<(script|style|code|kbd|svg)\b.*?</\1>", "", "".join(written), flags=re.DOTALL)
    for text in re.split(r"<[^>]*>", page):
        if _says(text):
            yield text.strip(" \0\n")
    for _name, text in re.findall(rf'\b({"|".join(SPOKEN)})="([^"]*)"', page):
        if _says(text):
            yield text


def _says(text: str) -> bool:
    """Whether there are words in it; the name of a time zone is the same everywhere."""
    return re.search(r"[^\W\d_]{2}", text.replace("UTC", "")) is not None


def test_no_refusal_and_no_message_is_in_english_alone() -> None:
    assert [said for path in sorted((ROOT / "wiki").rglob("*.py")) for said in _unmarked(path)] == []


def _unmarked(path: Path) -> Iterator[str]:
    """Where a sentence is given to an exception for people, to `flash` or to `say` without being marked."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        if name in {*REFUSALS, "flash", "say"} and _says(re.sub(r"%\(\w+\)s", "", _literal(first))):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def _literal(node: ast.expr) -> str:
    pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(piece.value) for piece in pieces if isinstance(piece, ast.Constant))


def test_no_script_says_anything_of_its_own() -> None:
    said = []
    for path in sorted(places.static().rglob("*.js")):
        code = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", path.read_text(encoding="utf-8"))
        said += [f"{path.name}: {words}" for words in re.findall(r"[\"'`]([A-Z][a-z]+ [a-z]+[^\"'`]*)[\"'`]", code)]
    assert said == []
