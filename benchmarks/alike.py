"""Page views at two sizes of a handbook, over pages whose answers are alike in length: what is left between the two is
the number of commits, and of pages.

A longer answer takes longer to send, and a made-up handbook has shorter pages than a real one; and the pace of a
machine changes within minutes. So the pages are chosen in pairs, one of each handbook, whose answers differ by no more
than two percent, as they are sent to strangers and to somebody signed in; and hello-world and both wikis, all of them
up, are asked in turns of a second within the same few minutes. Where the machine has other work the pace of single
turns differs by half; processor time does so less, and is told beside it.
"""

from __future__ import annotations

import http.client
import statistics
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import reads
from benchmarks.aims import aim, head, row

APART = 0.02
AIMED = 0.05
TURN = 1
"""Seconds for which each is asked in one turn."""
MOST = 500
"""Of each handbook so many pages are looked at."""


@dataclass(frozen=True)
class Lengths:
    """How many bytes the answer for a page has, for strangers and for somebody signed in."""

    stranger: int
    signed_in: int

    def apart(self, other: Lengths) -> float:
        """By what share of this one the other is longer or shorter, whoever asks."""
        return max(
            abs(other.stranger - self.stranger) / self.stranger,
            abs(other.signed_in - self.signed_in) / self.signed_in,
        )


@dataclass(frozen=True)
class Turns:
    """Hello-world, the small and the large size, asked one after the other in each turn."""

    turns: Sequence[tuple[reads.Rate, reads.Rate, reads.Rate]]

    def of_hello(self, place: int) -> float:
        """How many times the pace of hello-world: 1 the small size, 2 the large one."""
        return statistics.median(turn[place].per_second / turn[0].per_second for turn in self.turns)

    @property
    def pace(self) -> float:
        """Requests a second at the large size, beside the small."""
        return statistics.median(large.per_second / small.per_second for _, small, large in self.turns)

    @property
    def cpu(self) -> float:
        """Processor time for a request at the large size, beside the small."""
        return statistics.median(large.cpu / small.cpu for _, small, large in self.turns)


@dataclass(frozen=True)
class Alike:
    """What was asked and how fast it was; ``bytes`` are those of a page for strangers, in the mean, small and large."""

    pages: int
    bytes: tuple[float, float]
    views: Mapping[str, Turns]


def pairs(small: Mapping[str, Lengths], large: Mapping[str, Lengths]) -> list[tuple[str, str]]:
    """For each page of the small handbook the one of the large whose answer is nearest and not yet taken, where the
    two are alike."""
    left = sorted((lengths.stranger, name) for name, lengths in large.items())
    found = []
    for name, lengths in sorted(small.items(), key=lambda each: each[1].stranger):
        at = bisect_left(left, (lengths.stranger, ""))
        near = min(left[max(0, at - 1) : at + 1], key=lambda each: abs(each[0] - lengths.stranger), default=None)
        if near is not None and lengths.apart(large[near[1]]) <= APART:
            left.remove(near)
            found.append((name, near[1]))
    return found


def measure(sizes: Sequence[tuple[Path, list[str]]], email: str, turns: int) -> Alike:
    """Of the data directories and the names of the pages, the small size first; somebody has an account in both."""
    with reads.hello() as plain, reads.wiki(sizes[0][0]) as small, reads.wiki(sizes[1][0]) as large:
        addresses = small, large
        cookies = [reads.sign_in(address, email) for address in addresses]
        lengths = [
            _lengths(address, names, cookie)
            for address, (_, names), cookie in zip(addresses, sizes, cookies, strict=True)
        ]
        chosen = pairs(*lengths)
        if not chosen:
            raise SystemExit("no page of the small handbook is as long as one of the large")
        views: dict[str, Turns] = {}
        asked = [[f"/{quote(pair[place])}" for pair in chosen] for place in (0, 1)]
        for who in ("", ", signed in"):
            headers = [{"Cookie": cookie} if who else {} for cookie in cookies]
            views[f"page view{who}"] = _in_turns(plain, addresses, asked, headers, turns)
            known = [
                {"If-None-Match": reads.etag(address, paths[0], each), **each}
                for address, paths, each in zip(addresses, asked, headers, strict=True)
            ]
            first = [paths[:1] for paths in asked]
            views[f"page view{who}, 304"] = _in_turns(plain, addresses, first, known, turns)
    means = [statistics.mean(lengths[place][pair[place]].stranger for pair in chosen) for place in (0, 1)]
    return Alike(len(chosen), (means[0], means[1]), views)


def _lengths(address: str, names: list[str], cookie: str) -> dict[str, Lengths]:
    """Of pages that are there; some are but the way to another."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    found = {}
    for name in names[:: max(1, len(names) // MOST)][:MOST]:
        sent = [_length(line, f"/{quote(name)}", headers) for headers in ({}, {"Cookie": cookie})]
        if all(sent):
            found[name] = Lengths(*sent)
    line.close()
    return found


def _length(line: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> int:
    line.request("GET", path, headers=dict(headers))
    answer = line.getresponse()
    body = answer.read()
    return len(body) if answer.status == HTTPStatus.OK else 0


def _in_turns(
    plain: str,
    addresses: tuple[str, str],
    asked: Sequence[Sequence[str]],
    headers: Sequence[Mapping[str, str]],
    turns: int,
) -> Turns:
    small, large = zip(addresses, asked, headers, strict=True)
    for address, paths, each in (small, large):
        reads.warm(address, paths, TURN, each)
    return Turns([(reads.measure(plain, ["/"], TURN), _asked(*small), _asked(*large)) for _ in range(turns)])


def _asked(address: str, paths: Sequence[str], headers: Mapping[str, str]) -> reads.Rate:
    return reads.measure(address, paths, TURN, headers)


def table(labels: Sequence[str], found: Alike) -> str:
    """The pace of both sizes and how they compare."""
    sent = [f"{label}: {size:,.0f} bytes" for label, size in zip(labels, found.bytes, strict=True)]
    rows = head(f"{found.pages} pages of either handbook, alike in length", [*sent, "the large size beside the small"])
    for label, turns in found.views.items():
        paces = [f"{turns.of_hello(place):.2f} of hello" for place in (1, 2)]
        rows.append(row(label, [*paces, f"{turns.pace:.2f}; processor time {turns.cpu:.2f}"]))
    return "\n".join(rows)


def aims(found: Alike) -> list[str]:
    """A row for each kind of view."""
    within = {"least": 1 - AIMED, "most": 1 + AIMED}
    return [
        aim(f"{label}, like pages, beside the small size: requests a second; processor time", "within 5 %",
            [turns.pace, turns.cpu], **within)
        for label, turns in found.views.items()
    ]  # fmt: skip
