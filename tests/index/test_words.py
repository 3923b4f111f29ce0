"""Words: how texts and questions fall into what can be looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.index import words
from wiki.index.plain_text import plain_text
from wiki.index.words import fold, language_of, parts, spelled_in, stem, stems_in, terms_of, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++ and C#", ["c＋＋", "and", "c＃"]),
        ("what's l’équipe d'été", ["what", "équipe", "été"]),
        ("snake_case __init__", ["snake", "case", "init"]),
        ("日本 ABC差旅", ["日", "本", "abc", "差", "旅"]),
        ("출장비", ["출", "장", "비"]),
        ("การลา", ["ก", "า", "ร", "ล", "า"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("… — !?", []),
        ("a\x00b", ["a", "b"]),
    ],
)
def test_a_text_falls_into_words(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("word", "folded"),
    [("größe", "grosse"), ("Ærø", "aero"), ("naïve", "naive"), ("ёлка", "елка"), ("οδός", "οδοσ"), ("السَّفر", "السفر"),
     ("が", "が"), ("İstanbul", "istanbul")],
)  # fmt: skip
def test_diacritics_are_folded_where_they_make_no_other_letter(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "expenses", "expense"), ("de", "häuser", "haus"), ("de", "reisekosten", "reisekoste"),
        ("fr", "congés", "congé"), ("fr", "voyages", "voyage"), ("es", "viajes", "viaje"),
        ("ru", "страницы", "страница"), ("en", "страницы", "страница"), ("en", "έξοδα", "εξοδα"),
    ],
)  # fmt: skip
def test_words_are_stemmed_by_the_language_of_the_text_or_of_their_script(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_a_language_without_a_stemmer_stems_nothing() -> None:
    assert language_of("de-CH") == "de"
    assert language_of("tlh") == ""
    assert stem("expenses", "") == "expenses"


def test_a_question_keeps_quoted_words_and_characters_together() -> None:
    assert [term.words for term in terms_of('the "code of conduct" 差旅费 and')] == [
        ("the",), ("code", "of", "conduct"), ("差", "旅", "费"), ("and",),
    ]  # fmt: skip
    assert len(terms_of(" ".join(f"w{n}" for n in range(1000)))) == 12


@given(st.text(max_size=300))
def test_any_text_falls_into_words_that_hold_no_space(text: str) -> None:
    for word in words_in(text):
        assert word
        assert " " not in stem(word, "en") or not word.isascii()
    stems_in(text, "de")
    terms_of(text)


def test_plain_text_has_no_marks() -> None:
    text = """# Getting *there*

Take the [fast
train](/trains/ "by rail") to `Bonn`[^1], **now**.
Ask [[travel/visa|early]]. <b>Bold</b> &amp; {% icon "x" %} \\*star\\*

> [!NOTE] Mind
> the gap

- one_item
1. two

| a | b |
|---|---|
| c | d |

```python
print(1)
```

Under
=====

<!-- hidden -->
[ref]: https://example.com
"""
    plain = plain_text(text)
    assert plain.headings == "Getting there"
    assert plain.body.split("\n") == [
        "Take the fast train to Bonn, now. Ask early. Bold & *star*", "Mind", "the gap", "one_item", "two", "a · b",
        "c · d", "print(1)", "Under",
    ]  # fmt: skip


def test_only_so_many_words_are_kept_and_the_others_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST_KNOWN", 3)
    words._stems.cache_clear()
    text = "Reading, reading and c++ — “don’t” __read__ the readers' " + "houses" * 20
    stems = f"read read and c＋＋ don read the reader {stem(('houses' * 20)[:64], 'en')}"
    assert [stems_in(text, "en") for _ in range(3)] == [stems] * 3
    assert 0 < len(words._stems("en")) <= 3
    assert {word for _, word, _ in map(parts, spelled_in(f"{text} reading", "en"))} >= {
        "reading",
        "and",
        "the",
        "readers",
    }
    words._stems.cache_clear()
