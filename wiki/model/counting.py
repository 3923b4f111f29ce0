"""Words, as people count them: in scripts that put no space between words each character is one."""

from __future__ import annotations

import re
from itertools import accumulate

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""The characters of those scripts, to stand in the brackets of a pattern."""

_WORD = re.compile(rf"[^\W{SPACELESS}]+(?:['’](?=\w)[^\W{SPACELESS}]*)*|[{SPACELESS}]")


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    return _WORD.findall(text)


def words_above(text: str) -> list[int]:
    """How many words stand above each line of a text, and, last, how many it has in all."""
    return [0, *accumulate(len(words_of(line)) for line in text.split("\n"))]
