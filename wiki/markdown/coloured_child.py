"""The child of `coloured.py`: blocks of code on standard input, a line for each on standard output.

Imports nothing of the wiki. The kernel ends it after `SECONDS` of work; what it has written by then counts.
"""

from __future__ import annotations

import json
import resource
import sys

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

SECONDS = 1
MEMORY = 512 << 20
_KINDS = (
    (Token.Comment, "tok-com"),
    (Token.Keyword, "tok-key"),
    (Token.Operator.Word, "tok-key"),
    (Token.Literal.String, "tok-str"),
    (Token.Literal.Number, "tok-num"),
    (Token.Name.Function, "tok-name"),
    (Token.Name.Class, "tok-name"),
    (Token.Name.Tag, "tok-key"),
    (Token.Name.Attribute, "tok-name"),
    (Token.Name.Decorator, "tok-name"),
    (Token.Name.Builtin, "tok-name"),
    (Token.Name.Variable, "tok-name"),
    (Token.Name.Constant, "tok-num"),
    (Token.Generic.Inserted, "tok-ins"),
    (Token.Generic.Deleted, "tok-del"),
    (Token.Generic.Heading, "tok-key"),
    (Token.Generic.Subheading, "tok-key"),
    (Token.Generic.Prompt, "tok-com"),
)


def runs_of(language: str, code: str) -> list[tuple[str, str]] | None:
    """Classes and the text they are for; None where nobody knows the language."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    runs: list[tuple[str, str]] = []
    for kind, text in lex(code, lexer):
        name = next((name for known, name in _KINDS if kind in known), "")
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + text)
        else:
            runs.append((name, text))
    return runs


def main() -> None:
    """Answer, a line at a time."""
    question = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for language, code in question:
        print(json.dumps(runs_of(language, code)), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
