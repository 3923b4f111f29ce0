"""Searching: what is found, in which order, and that everything in force can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.world import World, begin, copy_of, open_world, write_pages
from wiki.database import reading
from wiki.index import full_text, schema
from wiki.index.full_text import KINDS, PERSON, PROPOSAL
from wiki.index.search import MOST_COUNTED, Answers, Found
from wiki.index.words import words_in

PAGES = {
    "welcome.md": "# Welcome\n\nThis is how we work.\n",
    "travel/expenses.md": (
        "# Expenses\n\nYou are paid back what you spent. Keep the receipt of every meal.\n\n## Trains\n\nTake the night"
        " train. We call it *railway love*.\n"
    ),
    "travel/visa.md": "# Visas\n\nAsk early for a visa. See [expenses](expenses.md) for the accommodation.\n",
    "office/hours.md": "# Office hours\n\nThe office opens at eight.\n",
    "office/plants.md": "# Plants\n\nHours of office sun: the plants of the office hours want it.\n",
    "de/reisen.md": "---\nlang: de-CH\n---\n# Reisekosten\n\nDie Größe der Häuser zählt. Spesen werden erstattet.\n",
    "fr/conges.md": "---\nlang: fr\n---\n# Les congés\n\nL’équipe demande ses congés payés à l'avance.\n",
    "zh/差旅.md": "---\nlang: zh\n---\n# 差旅费\n\n员工出差的住宿费由公司报销。\n",
    "ja/出張.md": "# 出張\n\n出張の交通費は会社が払います。領収書を保管してください。\n",
    "ko/출장.md": "# 출장\n\n출장비는 회사가 지급합니다.\n",
    "th/การลา.md": "# การลา\n\nพนักงานลาป่วยได้สามสิบวันต่อปี\n",
    "ar/safar.md": "# السفر\n\nتدفع الشركة مصاريف السَّفر للموظفين.\n",
    "ru/поездки.md": "# Командировки\n\nКомпания оплачивает расходы на проезд и жильё.\n",
    "el/ταξίδια.md": "# Ταξίδια\n\nΗ εταιρεία πληρώνει τα έξοδα του ταξιδιού.\n",
    "tools/cpp.md": "# Languages\n\nWe write C++ and C#, never COBOL. What's next?\n",
    "cs/cesty.md": "# Cesty\n\nPříliš žluťoučký kůň úpěl ďábelské ódy.\n",
}


@pytest.fixture(scope="module")
def many_founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki in many languages, to copy."""
    place = tmp_path_factory.mktemp("many")
    return begin(place / "data", write_pages(place / "pages", PAGES))


@pytest.fixture
def many(many_founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki in many languages."""
    with open_world(copy_of(many_founded, tmp_path / "many")) as opened:
        yield opened


@pytest.fixture(scope="module")
def read_only(many_founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same for tests that only read, opened once."""
    with open_world(copy_of(many_founded, tmp_path_factory.mktemp("read") / "data")) as opened:
        yield opened


def names(answers: Answers) -> list[str]:
    return [row.name for row in answers.rows]


def told(found: Found) -> str:
    """The sentence, what was looked for in brackets."""
    return "".join(f"[{text}]" if marked else text for text, marked in found.sentence)


PROBES = {
    "差旅费": "zh/差旅", "住宿": "zh/差旅", "报销": "zh/差旅", "交通費": "ja/出張", "領収書": "ja/出張",
    "출장비": "ko/출장", "회사": "ko/출장", "ลาป่วย": "th/การลา", "พนักงาน": "th/การลา", "مصاريف": "ar/safar",
    "السفر": "ar/safar", "расходы": "ru/поездки", "расход": "ru/поездки", "жилье": "ru/поездки",
    "έξοδα": "el/ταξίδια", "εξοδα": "el/ταξίδια", "ταξιδι": "el/ταξίδια", "zlutoucky": "cs/cesty",
    "Žluťoučký kůň": "cs/cesty", "haus": "de/reisen", "hauser": "de/reisen", "Groesse": "de/reisen",
    "größe": "de/reisen", "GRÖSSEN": "de/reisen", "grosse": "de/reisen", "spese": "de/reisen",
    "congé": "fr/conges", "conge": "fr/conges",
    "demander": "fr/conges", "équipe": "fr/conges", "equipes": "fr/conges", "receipts": "travel/expenses",
    "C++": "tools/cpp", "c#": "tools/cpp", "what's next": "tools/cpp", "railway": "travel/expenses",
}  # fmt: skip


@pytest.mark.parametrize(("question", "name"), PROBES.items())
def test_words_are_found_in_any_script_and_form(read_only: World, question: str, name: str) -> None:
    answers = read_only.wiki.index.search.find(question, exactly=True)
    assert names(answers)[:1] == [name]
    assert any(marked for row in answers.rows[:1] for _, marked in (*row.sentence, *row.title))


def test_the_page_called_so_comes_first_then_titles_then_texts(read_only: World) -> None:
    assert names(read_only.wiki.index.search.find("office hours"))[:2] == ["office/hours", "office/plants"]
    assert names(read_only.wiki.index.search.find("expense"))[:2] == ["travel/expenses", "travel/visa"]


def test_the_sentence_is_shown_with_its_words_marked(read_only: World) -> None:
    row = read_only.wiki.index.search.find("receipts for meals").rows[0]
    assert told(row) == "Keep the [receipt] of every [meal]."
    row = read_only.wiki.index.search.find("住宿费").rows[0]
    assert told(row) == "员工出差的[住宿费]由公司报销。"


def test_quoted_words_must_stand_side_by_side(read_only: World) -> None:
    search = read_only.wiki.index.search
    assert names(search.find('"night train"')) == ["travel/expenses"]
    assert names(search.find('"train night"')) == []


def test_a_slip_is_mended_and_said_unless_asked_exactly(read_only: World) -> None:
    search = read_only.wiki.index.search
    answers = search.find("acomodation")
    assert (names(answers), answers.replaced) == (["travel/visa"], (("acomodation", "accommodation"),))
    exact = search.find("acomodation", exactly=True)
    assert (exact.rows, exact.replaced) == ((), ())


def test_the_beginning_of_a_word_finds_it(read_only: World) -> None:
    answers = read_only.wiki.index.search.find("accommo")
    assert (names(answers), answers.replaced) == (["travel/visa"], ())


def test_where_nothing_has_all_words_some_are_enough(read_only: World) -> None:
    answers = read_only.wiki.index.search.find("visa cobol")
    assert answers.any_word
    assert set(names(answers)) == {"travel/visa", "tools/cpp"}


def test_a_folder_holds_only_what_is_below_it(read_only: World) -> None:
    search = read_only.wiki.index.search
    assert set(names(search.find("hours"))) == {"office/hours", "office/plants"}
    assert names(search.find("hours", folder="travel")) == []
    assert set(names(search.find("expenses", folder="travel"))) == {"travel/expenses", "travel/visa"}


def test_proposals_are_found_by_title_and_reason_and_state(many: World) -> None:
    wiki = many.wiki
    files = {"travel/visa.md": "# Visas\n\nAsk later.\n"}
    n = wiki.guidelines.propose(many.person("ana"), "Ask later", "Consulates are **overworked**.", files).n
    search = wiki.index.search
    found = search.find("overwork", PROPOSAL)
    assert (names(found), found.count(PROPOSAL)) == ([str(n)], 1)
    assert found.rows[0].proposal is not None
    assert told(found.rows[0]) == "Consulates are [overworked]."
    assert names(search.find("later", PROPOSAL, state="open")) == [str(n)]
    assert names(search.find("later", PROPOSAL, folder="travel")) == [str(n)]
    assert names(search.find("later", PROPOSAL, folder="office")) == []
    many.endorse(n, "bob", "cyd")
    assert many.in_force(n)
    assert names(search.find("later", PROPOSAL, state="open")) == []
    assert names(search.find("later", PROPOSAL, state="in force")) == [str(n)]
    assert names(search.find("later")) == ["travel/visa"]
    assert names(search.find("early")) == []


def test_people_are_found_by_name(many: World) -> None:
    many.propose("zed", {"welcome": "# Welcome\n\nHi.\n"})
    search = many.wiki.index.search
    assert [row.title for row in search.find("okafor", PERSON).rows] == [(("Zed ", False), ("Okafor", True))]
    assert search.find("zed okafor").count(PERSON) == 1


def test_a_page_that_moved_or_went_is_found_where_it_is(many: World) -> None:
    search = many.wiki.index.search
    text = PAGES["travel/expenses.md"]
    n = many.propose("ana", {"travel/expenses": None, "money/back": text})
    many.endorse(n, "bob", "cyd")
    assert names(search.find("receipt")) == ["money/back"]
    n = many.propose("ana", {"money/back": None})
    many.endorse(n, "bob", "cyd")
    assert names(search.find("receipt")) == []
    assert search.find("recipt").replaced == ()


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    with reading(world.wiki.engine) as connection:
        kept: dict[str, list[tuple[object, ...]]] = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in (schema.sought, schema.word)
        }
        for kind in KINDS:
            for what, columns in (("words", "title, headings, body, marks"), ("titles", "words")):
                rows = connection.exec_driver_sql(f"SELECT rowid, {columns} FROM {kind}_{what}")
                kept[f"{kind}_{what}"] = sorted(tuple(row) for row in rows)
                connection.exec_driver_sql(f"INSERT INTO {kind}_{what}({kind}_{what}) VALUES('integrity-check')")
    return kept


def test_made_again_it_finds_the_same(many: World) -> None:
    steps: list[Callable[[], int]] = [
        lambda: many.propose("ana", {"travel/visa": "# Visas\n\nAsk **later**, at the embassy.\n"}, "Later"),
        lambda: many.propose("bob", {"office/plants": None}, "No plants"),
        lambda: many.propose("cyd", {"office/hours": None, "office/times": PAGES["office/hours.md"]}, "Times"),
        lambda: many.propose("dee", {"new/one": "---\nlang: de\n---\n# Neue Häuser\n"}, "Neu"),
    ]
    for step in steps:
        n = step()
        for who in ("ana", "bob", "cyd", "dee", "zed"):
            author = many.wiki.guidelines.weigh(n).proposal.acts[0].author
            if author.key != many.person(who).key and not many.in_force(n):
                many.endorse(n, who)
    many.propose("zed", {"welcome": "# Welcome\n\nStill open.\n"}, "Open")
    kept = everything(many)
    assert kept["page_words"]
    many.wiki.index.rebuild()
    assert everything(many) == kept


def test_suggestions_begin_like_what_is_typed(many: World) -> None:
    search = many.wiki.index.search
    many.propose("ana", {"welcome": "# Welcome\n\nx\n"}, "Open the office early")
    assert [(one.kind, one.title) for one in search.suggest("off")] == [
        ("page", "Office hours"), ("proposal", "Open the office early"),
    ]  # fmt: skip
    assert [one.title for one in search.suggest("CONGE")] == ["Les congés"]
    assert [one.name for one in search.suggest("差旅")] == ["zh/差旅"]
    assert search.suggest("  ?!") == []


UNUSUAL = [
    "", " ", "\x00", "NEAR(", "NEAR(a b)", '"', '""""', '"a', "*", "a*", "-", "a AND", "OR", "NOT x", "^a",
    "{title}: a", "title:a", "(", ")", "'", "what's", "C++", "%", "_", "\\", "a\x00b", "\ufffd", "x" * 10_000,
    "a " * 5_000, "🚀", "½", "㎏", "ﷺ", "+", "#", "\u200b", "ａ＂ｂ",
]  # fmt: skip


@pytest.mark.parametrize("question", UNUSUAL)
def test_unusual_questions_are_answered(read_only: World, question: str) -> None:
    for kind in KINDS:
        read_only.wiki.index.search.find(question, kind, folder="a'b\"", state="open")
    read_only.wiki.index.search.suggest(question)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60), st.booleans())
def test_any_text_may_be_asked(read_only: World, question: str, exactly: bool) -> None:
    read_only.wiki.index.search.find(question, exactly=exactly)
    read_only.wiki.index.search.suggest(question)


@given(st.sampled_from(sorted(PAGES)), st.data())
def test_every_word_of_a_page_finds_it(read_only: World, path: str, data: st.DataObject) -> None:
    words = [word for word in words_in(PAGES[path].split("---\n")[-1]) if word not in {"md"}]
    word = data.draw(st.sampled_from(words))
    assert path.removesuffix(".md") in names(read_only.wiki.index.search.find(word, exactly=True)) or word in {
        "expenses"
    }


def test_common_words_are_counted_and_ranked_only_so_far(many: World) -> None:
    """Of very common words the first are taken, those with the words in the title before the others."""
    with many.wiki.engine.begin() as connection:
        rows = [full_text.Words(10_000 + at, "", "", "common word", "", "") for at in range(MOST_COUNTED + 100)]
        full_text.put(connection, "page", rows)
        full_text.put(connection, "page", [full_text.Words(20_000, "common", "", "word", "", "common")])
        asked = full_text.Question((("common",),))
        assert len(full_text.some(connection, [("page", asked)], MOST_COUNTED)[0]) == MOST_COUNTED
    answers = many.wiki.index.search.find("common")
    assert answers.count("page") == MOST_COUNTED
