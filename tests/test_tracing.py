"""Words followed back through the texts of a page: each to a text that holds it, whatever became of it in between."""

from __future__ import annotations

import random
import textwrap
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from wiki.model.counting import words_of
from wiki.prose.stayed import NOWHERE, Reader, Stayed
from wiki.prose.tracing import Came, Tracer

WORDS = ["tea", "coffee", "water", "milk", "green", "black", "kitchen", "office", "everybody", "nobody", "brings"]
LONG = "Everybody who drinks the last of the coffee brings a new pot from the kitchen."
OTHER = "Nobody asks why the water is cold on Monday, for everybody knows it by now."


@st.composite
def pasts(draw: st.DrawFn) -> list[str]:
    """The texts that a page had: words put in and taken out, passages moved, removed and brought back, lines broken
    anew, and whole texts that came back."""
    rng = random.Random(draw(st.integers(0, 10**6)))
    page = [_passage(rng) for _ in range(rng.randint(1, 5))]
    texts, gone = ["\n\n".join(page)], [_passage(rng)]
    for what in draw(st.lists(st.integers(0, 7), min_size=1, max_size=9)):
        at = rng.randrange(len(page)) if page else 0
        if what == 0 or not page:
            page.insert(at, _passage(rng))
        elif what == 1:
            gone.append(page.pop(at))
        elif what == 2:
            page.insert(at, rng.choice(gone))
        elif what == 3:
            page.insert(rng.randrange(len(page)), page.pop(at))
        elif what == 4:
            words = page[at].split()
            words[rng.randrange(len(words))] = rng.choice(WORDS)
            page[at] = " ".join(words)
        elif what == 5:
            page[at] = textwrap.fill(page[at], rng.randint(20, 60))
        elif what == 6:
            page[at] = "- " + "\n- ".join(page[at].split(". "))
        else:
            page = [passage for passage in rng.choice(texts).split("\n\n") if passage]
        texts.append("\n\n".join(page))
    return texts


def _passage(rng: random.Random) -> str:
    return " ".join(
        " ".join(rng.choices(WORDS, k=rng.randint(2, 9))).capitalize() + "." for _ in range(rng.randint(1, 4))
    )


def sources(texts: Sequence[str], asked: int, known: Sequence[int] | None = None) -> list[int]:
    """With which of these texts each word of one of them came; ``known`` of the one before it."""
    tracer = Tracer(asked, texts[asked].encode())
    tracer.ask(asked)
    told: dict[int, int] = {}
    for number in range(asked, -1, -1):
        if number != asked:
            tracer.back(number, texts[number].encode())
        if known is not None and number == asked - 1:
            for came in tracer.here():
                place = tracer.place(came)
                told.update((came.words.start + nth, known[place + nth]) for nth in range(came.words.length))
        elif texts.index(texts[number]) < number:
            tracer.park(texts.index(texts[number]))
    for came in [*tracer.came(), *tracer.everywhere()]:
        told.update((came.words.start + nth, came.source) for nth in range(came.words.length))
        assert _words(came, tracer, texts) == words_of(texts[asked])[came.words.start :][: came.words.length]
    return [told[place] for place in sorted(told)]


def _words(came: Came, tracer: Tracer, texts: Sequence[str]) -> list[str]:
    return words_of(texts[came.source])[tracer.place(came) :][: came.words.length]


@settings(max_examples=300)
@given(pasts())
def test_every_word_came_with_a_text_that_holds_it_where_it_is_said_to_stand(texts: list[str]) -> None:
    assert len(sources(texts, len(texts) - 1)) == len(words_of(texts[-1]))


@settings(max_examples=300)
@given(pasts())
def test_from_what_is_known_of_the_text_before_it_comes_out_as_from_the_beginning(texts: list[str]) -> None:
    known = sources(texts, 0)
    for number in range(1, len(texts)):
        known = sources(texts, number, known)
        assert known == sources(texts, number)


@given(pasts())
def test_several_texts_are_asked_about_at_once(texts: list[str]) -> None:
    last = len(texts) - 1
    tracer = Tracer(last, texts[last].encode())
    for number in range(last, -1, -1):
        if number != last:
            tracer.back(number, texts[number].encode())
        tracer.ask(number)
    counts = Counter[int]()
    for came in [*tracer.came(), *tracer.everywhere()]:
        assert came.source <= came.words.asked
        counts[came.words.asked] += came.words.length
    assert counts == +Counter({number: len(words_of(text)) for number, text in enumerate(texts)})


def test_a_sentence_that_was_lost_and_is_brought_back_is_what_it_was() -> None:
    texts = [f"# Tea\n\n{LONG}\n", f"# Tea\n\n{OTHER}\n", f"# Tea\n\n{OTHER}\n\n{LONG}\n"]
    assert sources(texts, 2) == [0] + [1] * 15 + [0] * 15


def test_a_sentence_that_was_changed_and_is_changed_back_is_what_it_was() -> None:
    texts = [f"{OTHER} {LONG}", f"{OTHER} {LONG.replace('coffee', 'green tea')}", f"{OTHER} {LONG}\n\nMore.\n"]
    assert sources(texts, 1).count(1) == 2
    assert sources(texts, 2) == [0] * 30 + [2]


def test_passages_that_change_places_stay_what_they_were_and_so_does_one_that_is_changed_a_little() -> None:
    texts = [f"{LONG}\n\n{OTHER}\n", f"{OTHER.replace('cold', 'warm')}\n\n{LONG}\n"]
    assert Counter(sources(texts, 1)) == {0: 29, 1: 1}


def test_lines_that_are_broken_anew_are_no_change() -> None:
    texts = [f"{LONG} {OTHER}", textwrap.fill(f"{LONG} {OTHER}", 30), f"{LONG}\r\n{OTHER}\r\n"]
    assert sources(texts, 2) == sources(texts, 1) == [0] * 30


def test_a_text_without_words_and_one_that_is_not_utf_8_can_be_walked_over() -> None:
    tracer = Tracer(2, b"# Caf\xe9 tea\n")
    tracer.ask(2)
    tracer.back(1, b"\n\n---\n")
    tracer.back(0, b"# Caf\xe9 tea\n")
    assert {came.source for came in [*tracer.came(), *tracer.here()]} <= {0, 2}
    assert sources(["", "tea", ""], 2) == []


@given(pasts())
def test_no_word_stays_twice_and_each_is_the_same_word(texts: list[str]) -> None:
    for old, new in pairwise(texts):
        read = Reader()
        was = Stayed(read(old.encode()), read(new.encode())).was
        places = [place for place in was if place != NOWHERE]
        assert len(set(places)) == len(places)
        assert all(words_of(old)[place] == word for place, word in zip(was, words_of(new), strict=True) if place >= 0)


def test_beside_new_words_stand_those_in_whose_place_they_were_put() -> None:
    read = Reader()
    old, new = read(b"One two three four five."), read(b"One six seven four five eight.")
    stayed = Stayed(old, new, tells_beside=True)
    assert stayed.was == [0, NOWHERE, NOWHERE, 3, 4, NOWHERE]
    assert stayed.beside == {1: 1, 2: 2, 5: 4}, "what is added comes after a word that stayed"
    assert Stayed(old, new).beside == {}


def test_a_short_sentence_that_was_moved_is_known_again() -> None:
    read, short = Reader(), "Railway receipts count."
    old, new = (read(" ".join(each).encode()) for each in ((short, LONG, OTHER), (LONG, OTHER, short)))
    assert Stayed(old, new).was[-3:] == [0, 1, 2]
