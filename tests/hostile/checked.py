"""What a page of the wiki may hold, whatever was typed: elements, attributes and addresses by name."""

from __future__ import annotations

import re
from collections import Counter

from lxml import html

ELEMENTS = frozenset(
    "a abbr article aside b bdi blockquote body br button caption circle cite code col datalist dd "  # noqa: SIM905
    "defs del details dialog div dl dt em fieldset figcaption figure footer form g h1 h2 h3 h4 h5 h6 "
    "head header hr html i img input ins kbd label legend li link main mark meta nav ol optgroup "
    "option output p path pattern pre q rect s samp script search section select small span strong "
    "sub summary sup svg symbol table tbody td template text textarea tfoot th thead time title tr u "
    "ul use".split()
)
ATTRIBUTES = frozenset(
    "accept accept-charset action alt autocapitalize autocomplete autofocus charset checked class "  # noqa: SIM905
    "cols colspan content crossorigin cx cy d datetime dir disabled enctype enterkeyhint fill "
    "focusable for form formaction formmethod formnovalidate height hidden href hreflang id "
    "inputmode lang list loading max maxlength media method min minlength multiple name novalidate "
    "open pattern patternunits placeholder preserveaspectratio r readonly rel required role rows rx "
    "scope selected size sizes spellcheck src start tabindex target title translate type value "
    "version viewbox width wrap x xmlns y".split()
)
MORE = re.compile(r"(?:data|aria)-[a-z-]+")
PLACES = ("href", "src", "action", "formaction", "xlink:href", "poster", "cite", "background", "srcset", "ping", "data")
MAY_LEAD = re.compile(r"(?:https?:|mailto:|tel:|/(?![/\\])|#|\?|\Z)")
MAY_LOAD = re.compile(r"/(?![/\\])|#")


def problems_of(page: str) -> list[str]:
    """Everything on a page that nobody may bring there by typing."""
    tree = html.fromstring(page)
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            found.append(f"a comment or an instruction: {str(element)[:100]}")
            continue
        if element.tag not in ELEMENTS:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES and not MORE.fullmatch(name):
                found.append(f"<{element.tag} {name}={value[:80]!r}>")
            if name in PLACES:
                loads = element.tag in {"script", "img", "link", "use"} or name in {"action", "formaction"}
                # an empty action is the page itself
                allowed = (
                    MAY_LOAD if loads and not (name == "action" and not value) and element.tag != "use" else MAY_LEAD
                )
                if not allowed.match(value) or re.search(r"[\x00-\x20]", value):
                    found.append(f"<{element.tag} {name}={value[:80]!r}>")
        if element.tag == "script" and not (element.get("src") or "").startswith("/-/static/"):
            found.append("a script within the page")
        if element.tag == "meta" and element.get("http-equiv"):
            found.append("<meta http-equiv>")
    ids = Counter(str(each) for each in tree.xpath("//@id"))
    # the same remark may stand twice on a page, with its footnotes; their ids can be no name of ours
    found += [f"the id {name!r} twice" for name, count in ids.items() if count > 1 and not name.startswith("fn-")]
    return found
