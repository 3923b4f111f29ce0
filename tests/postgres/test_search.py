"""PostgreSQL answers as SQLite does: the same pages on the first page of answers, and the same one first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.index.test_search_handbook import WANTED
from tests.servers import PostgreSQL
from tests.sql import statements
from tests.world import Clock, begin, close, copy_of, settings_for, write_pages
from wiki.assembly import Wiki, open_wiki
from wiki.index import search
from wiki.model.acts import Person

ASKED = (
         "größe", "groesse",
         "naive", "naïve", "meetings", "meeting agenda", "expens", "recepit", "trains", "quick train",
         '"take the train"', '"the train takes"', "C++", "c#", "東京", "京東", "日本語", "สวัสดี", "ภาษาไทย", "привет",
         "Übung", "what's", "NEAR(", "a*b", "%", "\\", "'quoted'", "the", "we pay", "visa fee travel", "board signs",
         "sleep well", "cup wash", "kitchn", "work when")  # fmt: skip
PAGES = {
    "asia/tokyo.md": "# 東京\n\n東京は日本の首都です。日本語で話します。\n",
    "asia/kyoto.md": "# 京都\n\n京都は古い都です。東京ではありません。京東も別です。\n",
    "asia/thai.md": "# ภาษาไทย\n\nสวัสดีครับ นี่คือหน้าในภาษาไทย\n",
    "languages/cpp.md": "# C++\n\nWe write C++ and C#, and rarely C. C++ is quoted as 'C++'.\n",
    "languages/russian.md": "---\nlang: ru\n---\n# Привет\n\nПривет, коллеги. Пишите приветы.\n",
    "languages/german.md": "---\nlang: de\n---\n# Übungen\n\nJede Übung übt. Größen und Übungen.\n",
    "signs/percent.md": "# 100 %\n\nA back\\slash, a per%cent, an under_score and what's his.\n",
    "work/repeats.md": "# Train train train\n\nTrain the train that trains trains. Take the train. Quick.\n",
    "work/heading.md": "# Other\n\n## Trains\n\nNothing of them here.\n",
}
FILTERED = (("train", {"folder": "travel"}), ("travel", {"folder": "legal"}), ("change", {"kind": "proposal"}),
            ("change", {"kind": "proposal", "state": "open"}), ("ana", {"kind": "person"}), ("train", {"offset": 2}),
            ("recepit", {"exactly": True}))  # fmt: skip
TYPED = ("tra", "take", "ex", "東", "京", "c", "gr", "travel ex", "mee", "zzz")

ANA = Person("Ana Souza", "ana@example.com")
Both = tuple[Wiki, Wiki]


@contextmanager
def on_postgresql(data: Path, address: str) -> Iterator[Wiki]:
    """A wiki with the same guidelines, whose tables are empty so far."""
    wiki = open_wiki(settings_for(data, database_url=address), Clock())
    wiki.index.rebuild()
    try:
        yield wiki
    finally:
        close(wiki)


@contextmanager
def twice(data: Path, address: str) -> Iterator[Both]:
    """The same wiki on SQLite and on PostgreSQL."""
    wiki = open_wiki(settings_for(data), Clock())
    try:
        with on_postgresql(copy_of(data, data.with_name("other")), address) as other:
            yield wiki, other
    finally:
        close(wiki)


@pytest.fixture(scope="module")
def both(server: PostgreSQL, tables: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A wiki with unusual pages, and three proposals."""
    place = tmp_path_factory.mktemp("both")
    data = begin(place / "data", write_pages(write_pages(place / "pages"), PAGES))
    wiki = open_wiki(settings_for(data), Clock())
    for n in range(3):
        page = f"notes/change{n}.md" if n else "travel/visa.md"
        wiki.guidelines.propose(ANA, f"Change {n}", "", {page: f"# Change {n}\n\nWe change.\n"})
    close(wiki)
    with twice(data, server.url(server.new(tables))) as worlds:
        yield worlds


@pytest.fixture(scope="module")
def handbooks(
    corpus: Path, server: PostgreSQL, tables: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """A real handbook."""
    data = begin(tmp_path_factory.mktemp("handbooks") / "data", corpus)
    with twice(data, server.url(server.new(tables))) as worlds:
        yield worlds


def answers(world: Wiki, question: str, **options: object) -> tuple[list[str], dict[str, int], str]:
    """The names on the first page of answers in their order, how many there are, and what else was looked for."""
    found = world.index.search.find(question, **options)  # type: ignore[arg-type]
    return [row.name for row in found.rows], found.counts or {}, f"{found.replaced} {found.maybe} {found.any_word}"


@pytest.mark.parametrize("question", ASKED)
def test_unusual_words_have_the_same_answers_in_the_same_order(both: Both, question: str) -> None:
    on_sqlite, on_postgres = (answers(world, question) for world in both)
    assert on_postgres == on_sqlite


def test_the_unusual_words_are_found_at_all(both: Both) -> None:
    found = [question for question in ASKED if answers(both[1], question)[0]]
    assert len(found) >= len(ASKED) - 6, set(ASKED) - set(found)


@pytest.mark.parametrize(("question", "options"), FILTERED)
def test_filters_pages_of_answers_and_exact_words_hold_alike(
    both: Both, question: str, options: dict[str, object]
) -> None:
    on_sqlite, on_postgres = (answers(world, question, **options) for world in both)
    assert on_postgres == on_sqlite


@pytest.mark.parametrize("typed", TYPED)
def test_the_same_is_suggested_while_somebody_types(both: Both, typed: str) -> None:
    on_sqlite, on_postgres = (world.index.search.suggest(typed) for world in both)
    assert on_postgres == on_sqlite


def test_what_is_written_later_is_found_alike(both: Both) -> None:
    for wiki in both:
        assert wiki.guidelines.propose(ANA, "A kettle", "", {"notes/tea.md": "# Tea\n\nKettle kettle.\n"}).in_force
    for question, kind in (("kettle", "page"), ("kettle", "proposal")):
        on_sqlite, on_postgres = (answers(world, question, kind=kind) for world in both)
        assert on_postgres == on_sqlite
        assert on_postgres[0]


def test_what_was_counted_is_counted_again_only_when_the_index_has_changed(both: Both) -> None:
    def counted(wiki: Wiki) -> int:
        with statements(wiki.engine) as said:
            assert answers(wiki, "cup wash")[0] == ["notes/kitchen"]
        return sum("count(*)" in statement for statement in said)

    wiki = both[1]
    counted(wiki)
    assert counted(wiki) == 0
    for each in both:
        assert each.guidelines.propose(ANA, "Plates", "", {"notes/plates.md": "# Plates\n\nWash plates.\n"}).in_force
    assert counted(wiki) == 1
    assert counted(wiki) == 0


def test_words_side_by_side_are_looked_for_in_every_answer_that_a_question_asks_for_so(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where that only makes some come first, it is looked for in the first answers."""
    monkeypatch.setattr(search, "_MOST_LOOKED_INTO", 0)
    for question in ('"take the train"', "東京"):
        on_sqlite, on_postgres = (answers(world, question) for world in both)
        assert on_postgres == on_sqlite
        assert on_postgres[0]
    names, counts, _ = answers(both[0], "take train")
    others, other_counts, _ = answers(both[1], "take train")
    assert (set(others), other_counts) == (set(names), counts)


@pytest.mark.corpus
@pytest.mark.parametrize("question", WANTED)
def test_a_real_handbook_answers_with_the_same_first_page(handbooks: Both, question: str) -> None:
    (names, counts, said), (others, other_counts, other_said) = (answers(world, question) for world in handbooks)
    assert set(others) == set(names)
    assert others[:1] == names[:1]
    assert (other_counts, other_said) == (counts, said)
