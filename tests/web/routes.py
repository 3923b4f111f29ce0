"""Every address of the wiki, with values that fit, for tests that try what does not."""

from __future__ import annotations

from flask import Flask

EXAMPLES = {"name": "travel/expenses", "n": "1", "commit": "0" * 40, "token": "nothing", "filename": "style.css",
            "number": "1", "act": "0" * 40, "handle": "0" * 16, "path": "travel/map.png", "blob": "0" * 40,
            "provider": "nothing"}  # fmt: skip


def all_routes(app: Flask) -> dict[str, set[str]]:
    """Every address with examples in it, and its methods."""
    found: dict[str, set[str]] = {}
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        values = {key: EXAMPLES[key] for key in rule.arguments}
        values |= {key: 1 for key in ("n", "number") if key in values}  # type: ignore[dict-item]
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        address = adapter.build(rule.endpoint, values, method=min(methods))
        found.setdefault(address, set()).update(methods)
    return found


HOSTILE_NAMES = (
    "..", "../etc/passwd", "a/../b", "a/./b", ".git/config", ".GIT/config", "git~1/config", ".gitmodules",
    ".hidden", "a/.hidden", "a//b", "/a", "a/", "//", "-rf", "a/-rf", "--output=x", "a\\b", "..\\..\\x",
    "C:\\x", "C:x", "con", "CON", "aux.txt", "nul", "a/com1", "lpt¹", "x.lock", "a/x.lock/b", "a@{b", "@{-1}",
    "a.", "a/b.", " a", "a ", "a/ b", "a\tb", "a\nb", "a\r\nb", "a\x00b", "a\x7fb", "a\u0085b", "a\u200bb",
    "a\u202eb", "\ufeffa", "a\u2028b", "a\u00adb", "e\u0301", "a" * 101, "/".join(["a" * 90] * 3), "é" * 121,
    "a" * 5000, "x.md", "a?b", "a*b", 'a"b', "a<b", "a>b", "a|b", "a:b", "travel", "Travel/Expenses",
    "TRAVEL/x", "travel/expenses/deeper", "ｇｉｔ~1", ".ｇit/config", "．git/x", "git~1", "policy.toml/x",
    "HEAD~1:x", "refs/heads/main^{commit}", ":(top)x", ":/x", "..;/x", "%2e%2e/x", "$(id)", "`id`", "{{7*7}}",
    "<script>alert(1)</script>", "' OR 1=1 --", "\ud7ff\ufffe", "a\uffff",
)  # fmt: skip
