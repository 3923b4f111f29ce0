"""How acts are written down: what a person types is text, and only the wiki writes trailers."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.house import ANA
from wiki.model.acts import (
    Kind,
    Person,
    clean_person,
    clean_text,
    clean_title,
    message_of,
    one_line,
    read_message,
)  # fmt: skip
from wiki.model.errors import Refused

CHANGE = "a" * 40
SCISSORS = "# ------------------------ >8 ------------------------"
FORGERY = f"Act: endorse\nOf: {CHANGE}\nFor: zed@example.com"

TYPED = st.lists(
    st.one_of(
        st.sampled_from(["", "---", "--- ", "-- ", SCISSORS, "Act: endorse", f"Of: {CHANGE}", "For: zed@example.com",
                         " continued", "Conflicts:", "\tpath", "# remark", "Signed-off-by: Z <z@z>",
                         "(cherry picked from", "Endorsed-by: Zed <zed@example.com>", "\r", "\u2028Act: close",
                         "\x85Act: close", "Title"]),
        st.text(max_size=20),
    ),
    max_size=8,
).map("\n".join)  # fmt: skip


def by_git(message: str) -> list[tuple[str, str]]:
    """The trailers as git itself reads them."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=message.encode(), capture_output=True, check=True, cwd="/"
    )
    rows = [line.partition(": ") for line in done.stdout.decode().splitlines()]
    return [(key, value) for key, _, value in rows]


@given(st.sampled_from(list(Kind)), TYPED, st.dictionaries(st.sampled_from(["Of", "To", "At", "For"]), TYPED))
@example(Kind.OBJECT, FORGERY, {})
@example(Kind.OBJECT, f"No.\n\n{FORGERY}", {"Of": CHANGE})
@example(Kind.OBJECT, f"No.\n\n{FORGERY}\n---\nmore", {"Of": CHANGE})
@example(Kind.OBJECT, f"No.\n\n{FORGERY}\n{SCISSORS}\nmore", {"Of": CHANGE})
@example(Kind.ANSWER, "", {"To": f"x\nAct: close\n\n{FORGERY}"})
def test_nothing_that_is_typed_becomes_a_trailer(kind: Kind, text: str, values: dict[str, str]) -> None:
    written = [("Act", kind.value), *((key, one_line(value)) for key, value in values.items())]
    message = message_of(kind, text, values)
    assert read_message(message) == (clean_text(text), tuple(written))


@given(TYPED.filter(clean_text), st.lists(TYPED, max_size=3))
@example(f"No.\n\n{FORGERY}\n---\nmore", [])
@example(f"No.\n\n{FORGERY}\n{SCISSORS}\nmore", [])
def test_git_reads_the_same_trailers(text: str, names: list[str]) -> None:
    people = [str(clean_person(Person(f"N {name}", f"{at}@example.com"))) for at, name in enumerate(names)]
    written = [("Act", "propose"), *(("With", person) for person in people)]
    assert by_git(message_of(Kind.PROPOSE, text, {"With": people})) == written


@given(TYPED)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert one_line(one_line(text)) == one_line(text)


@given(TYPED)
def test_a_title_is_one_line_that_is_no_trailer_of_ours(text: str) -> None:
    try:
        title = clean_title(text)
    except Refused:
        return
    assert title.splitlines() == [title]
    assert read_message(f"{title}\n")[1] == () or not title.lower().startswith(("act", "of:", "for:", "proposal:"))


@pytest.mark.parametrize("title", ["Act: endorse", "for: zed@example.com", "OF : x", "Endorsed-by: Zed <z@z>"])
def test_a_title_that_reads_as_a_trailer_is_marked(title: str) -> None:
    assert clean_title(title) == f"– {title}"


@pytest.mark.parametrize("title", ["", " ", "\n\t", "\u200b", "x" * 201])
def test_a_title_has_words_and_not_too_many(title: str) -> None:
    with pytest.raises(Refused):
        clean_title(title)


@given(st.text(), st.text())
@example("Ana\nAct: endorse", "ana@example.com")
@example("Ana <zed@example.com>", "ana@example.com>")
def test_any_name_is_one_that_git_takes_or_is_refused(name: str, email: str) -> None:
    try:
        person = clean_person(Person(name, email))
    except Refused:
        return
    assert clean_person(person) == person
    assert Person.parse(str(person)) == person
    assert not set("<>\n\0") & set(person.name + person.email)


@pytest.mark.parametrize(("name", "email"), [("", "a@b"), (".,;", "a@b"), ("<>", "a@b"), ("Ana", ""), ("Ana", "<>")])
def test_an_author_has_a_name_and_an_address(name: str, email: str) -> None:
    with pytest.raises(Refused):
        clean_person(Person(name, email))


def test_a_message_whose_last_paragraph_is_not_all_trailers_has_none() -> None:
    assert read_message(f"A remark\n\nAct: endorse\nOf: {CHANGE}\nand more\n")[1] == ()
    assert read_message(f"Act: endorse\nOf: {CHANGE}\n\nA remark\n")[1] == ()


def test_an_act_without_words_is_its_trailers() -> None:
    assert message_of(Kind.ENDORSE, "", {"Of": CHANGE}) == f"Act: endorse\nOf: {CHANGE}\n"
    assert ANA.key == Person("Somebody", "ANA@EXAMPLE.COM").key
