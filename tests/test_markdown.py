"""What a page looks like that somebody wrote in Markdown."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest

from wiki.index.summary import summarise
from wiki.markdown import TocEntry, apart, render, render_fragment, render_page, split_front_matter


def html_of(text: str, folder: str = "") -> str:
    return render_page(text, folder).html.strip()


def href_in(text: str, folder: str = "") -> str:
    return html_of(text, folder).partition('href="')[2].partition('"')[0]


# Front matter


def test_front_matter_is_read_and_not_shown():
    assert split_front_matter("---\ntitle: Leave\n---\nText\n") == ({"title": "Leave"}, "Text\n")
    assert split_front_matter("---\r\ntitle: Leave\r\n---\r\nText") == ({"title": "Leave"}, "Text")
    assert split_front_matter("---\n---\nText") == ({}, "Text")


@pytest.mark.parametrize(
    "text",
    [
        "No front matter\n---\n",
        "---\nnever closed\n",
        "---\n[not, a, mapping]\n---\nText",
        "---\n: : broken: [\n---\nText",
        "---\ndate: 2026-99-99\n---\nText",
        "---\na: &a [x]\nb: *a\n---\nText",
        "---\na: " + "[" * 40 + "]" * 40 + "\n---\nText",
        "---\na: " + "x" * 70_000 + "\n---\nText",
    ],
)
def test_what_is_no_front_matter_stays_in_sight(text):
    assert split_front_matter(text) == ({}, text)


def test_the_title_comes_from_the_front_matter_then_from_the_first_heading():
    assert render_page("---\ntitle: Leave\n---\n# Other\n", "").title == "Leave"
    assert render_page("Text\n\n# First *one*\n\n# Second", "").title == "First one"
    assert render_page("Text\n\n## No title\n", "").title is None
    assert render_page("---\ntitle: 2026\n---\n", "").title == "2026"


def test_a_heading_that_repeats_the_title_is_left_out():
    assert html_of("# Leave\n\nText") == "<p>Text</p>"
    assert html_of("---\ntitle: Leave\n---\n# Leave\n\nText") == "<p>Text</p>"
    assert "Other" in html_of("---\ntitle: Leave\n---\n# Other\n\nText")
    assert "Leave" in html_of("Text\n\n# Leave")


def test_names_the_page_had_are_its_aliases():
    page = render_page("---\nredirect_from:\n  - /old/name/\n  - older\n  - 7\npermalink: /kept/\n---\n", "")
    assert page.aliases == ("old/name", "older", "kept")
    assert render_page("---\nredirect_from: /one/\n---\n", "").aliases == ("one",)


def test_a_page_may_lead_elsewhere():
    assert render_page("---\nredirect_to: /benefits/#help\n---\n", "").redirect_to == "/benefits#h-help"
    assert render_page("---\nredirect_to: https://a.example/x?y#z\n---\n", "").redirect_to == "https://a.example/x?y#z"
    assert render_page("---\nredirect_to: javascript:alert(1)\n---\n", "").redirect_to is None


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-05-12", "2026-05-12"),
        ("2026-05-12 10:00:00", "2026-05-12"),
        ("'2026-05-12'", "2026-05-12"),
        ("soon", None),
        ("[1]", None),
    ],
)
def test_the_day_of_review_is_an_iso_date(value, iso):
    assert render_page(f"---\nreview_by: {value}\n---\n", "").review_by == iso


def test_other_simple_values_are_facts():
    head = (
        "date_approved: 2021-08-05\nowner: People team\noutdated: true\nlayout: x\nsidebar: y\nsteps: [[1]]\nempty:\n"
    )
    head += "tags: [pay, 2026]\n"
    assert render_page(f"---\n{head}---\n", "").facts == (
        ("Date approved", "2021-08-05"),
        ("Owner", "People team"),
        ("Outdated", "yes"),
        ("Tags", "pay, 2026"),
    )


# What a reader meets first


def test_the_lead_is_the_first_sentence_of_the_first_paragraph():
    assert render_page("# T\n\nTravel *well*, and [cheaply](x). Then rest.", "").lead == "Travel well, and cheaply."
    assert render_page("Ask e.g. your lead or i.e. a peer. Then go.", "").lead == "Ask e.g. your lead or i.e. a peer."
    assert render_page("![](/x.png)\n\nReal words here", "").lead == "Real words here"
    assert render_page("旅費は会社が払います。次の文。", "").lead == "旅費は会社が払います。"
    assert render_page("- only\n- a list", "").lead == "only"
    assert render_page("```\ncode\n```", "").lead == ""


def test_a_long_lead_ends_at_a_word():
    lead = render_page("word " * 100, "").lead
    assert len(lead) <= 200
    assert lead.endswith("word…")


def test_words_are_counted():
    assert render_page("# One two\n\nthree *four* `five`", "").words == 3


# Headings


def test_headings_have_ids_of_their_own_that_clobber_nothing():
    page = render_page("## Über uns!\n\n## Über uns!\n\n### location\n\n## 休暇\n\n## !!!", "")
    assert [entry.id for entry in page.toc] == ["h-über-uns", "h-über-uns-1", "h-location", "h-休暇", "h-section"]
    assert '<h2 id="h-über-uns"><a class="anchor" href="#h-über-uns">Über uns!</a></h2>' in page.html


@pytest.mark.parametrize("end", ["## End", "> End", "```\nEnd\n```", "End"])
def test_a_list_right_after_a_quotation_stays_after_it_whatever_follows(end):
    shown = html_of(f"First\n\n> Quoted\n- Listed\n- Too\n{end}\n")
    assert re.findall(r"First|Quoted|Listed|Too|End", shown) == ["First", "Quoted", "Listed", "Too", "End"]


def test_a_heading_leads_to_itself_unless_it_leads_elsewhere():
    assert html_of("## See [this](/a)") == (
        '<h2 id="h-see-this">See <a href="/a">this</a>'
        '<a class="anchor" href="#h-see-this" aria-hidden="true" tabindex="-1"></a></h2>'
    )
    assert html_of("## A *b*") == '<h2 id="h-a-b"><a class="anchor" href="#h-a-b">A <em>b</em></a></h2>'


def test_a_heading_may_name_itself():
    page = render_page("## Side navigation {#side-nav}", "")
    assert page.toc == (TocEntry(2, "h-side-nav", "Side navigation"),)
    assert "{#" not in page.html


def test_the_table_of_contents_has_levels_two_to_four():
    page = render_page("# A\n\nx\n\n# B\n## C\n### D `d`\n#### E\n##### F\n", "")
    assert [(entry.level, entry.text) for entry in page.toc] == [(2, "B"), (2, "C"), (3, "D d"), (4, "E")]


@pytest.mark.parametrize("text", ["# A #", "# A ##  ", "#   A"])
def test_closing_hashes_are_no_part_of_a_heading(text):
    assert render_page(f"x\n\n{text}", "").toc[0].text == "A"


def test_hashes_that_belong_to_a_heading_stay():
    assert render_page("## C#", "").toc[0].text == "C#"


# Links


@pytest.mark.parametrize(
    ("target", "href"),
    [
        ("other.md", "/travel/leave/other"),
        ("other", "/travel/leave/other"),
        ("../x/y.md#z", "/travel/x/y#h-z"),
        ("/foo/bar/", "/foo/bar"),
        ("/foo/bar.md", "/foo/bar"),
        ("/", "/"),
        ("../../../../x", "/x"),
        ("./a/./b", "/travel/leave/a/b"),
        ("#how-to", "#h-how-to"),
        ("#h-how-to", "#h-how-to"),
        ("#", "#"),
        ("a%20b", "/travel/leave/a%20b"),
        ("<a b>", "/travel/leave/a%20b"),
        ("/ä/中", "/%C3%A4/%E4%B8%AD"),
        ("/a?b=c&d#e", "/a?b=c&amp;d#h-e"),
        ("/-/proposals/42", "/-/proposals/42"),
        ("/-/proposals?tab=open", "/-/proposals?tab=open"),
        ("https://a.example/x(y)?z=%20#q", "https://a.example/x(y)?z=%20#q"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("tel:+4930123", "tel:+4930123"),
        ("//a.example/x", "https://a.example/x"),
    ],
)
def test_a_link_leads_to_the_address_of_the_page(target, href):
    assert href_in(f"[x]({target})", "travel/leave") == href


@pytest.mark.parametrize(
    ("link", "href", "text"),
    [
        ("[[Other page]]", "/travel/other-page", "Other page"),
        ("[[other]]", "/travel/other", "other"),
        ("[[Leave/Other]]", "/Leave/Other", "Leave/Other"),
        ("[[leave/other|the label]]", "/leave/other", "the label"),
        ("[[other#My part]]", "/travel/other#h-my-part", "other: My part"),
        ("[[#My part]]", "#h-my-part", "My part"),
    ],
)
def test_a_wiki_link_leads_to_a_page(link, href, text):
    assert html_of(link, "travel") == f'<p><a href="{href}">{text}</a></p>'


def test_links_to_elsewhere_are_told_apart():
    assert html_of("[x](https://a.example)") == (
        '<p><a href="https://a.example" class="external" rel="noopener noreferrer">x</a></p>'
    )


def test_a_link_that_may_lead_nowhere_is_its_text():
    assert html_of("[x](javascript:alert)") == "<p>x</p>"


def test_pictures_come_from_this_site_only():
    assert html_of("![A map](map.png)", "travel") == '<p><img src="/travel/map.png" alt="A map" loading="lazy"></p>'
    assert 'href="https://a.example/m.png"' in html_of("![A map](https://a.example/m.png)")
    assert "<img" not in html_of("![A map](https://a.example/m.png)")


# The rest of the language


def test_tables_scroll_and_are_aligned_by_class():
    shown = html_of("## T\n\n|a|b|c|\n|:-|:-:|-:|\n|1|2|3|")
    assert '<div class="table" tabindex="0" role="group" aria-labelledby="h-t"><table>' in shown
    assert '<th scope="col" class="align-left">a</th>' in shown
    assert '<td class="align-center">2</td><td class="align-right">3</td>' in shown
    assert "style" not in shown


def test_rows_of_another_length_do_not_break_a_table():
    shown = html_of("|a|b|\n|-|-|\n|1|\n|1|2|3|\n|x\\|y|`z`|\n\nAfter")
    assert shown.count("<tr>") == 4
    assert ">3<" not in shown
    assert "<td>x|y</td>" in shown
    assert shown.endswith("<p>After</p>")


def test_a_table_without_outer_pipes_and_one_in_a_list():
    assert "<td>1</td><td>2</td>" in html_of("a | b\n--|--\n1 | 2")
    assert "<li>" in html_of("- x\n\n  |a|\n  |-|\n  |1|")
    assert "<table>" in html_of("- x\n\n  |a|\n  |-|\n  |1|")


def test_a_line_of_dashes_alone_is_no_table():
    assert "<table>" not in html_of("a | b\n-----\n")


def test_tasks_have_boxes_that_cannot_be_ticked():
    shown = html_of("- [ ] a\n- [x] b")
    assert '<li class="task"><label><input type="checkbox" disabled=""> a</label></li>' in shown
    assert '<input type="checkbox" disabled="" checked=""> b' in shown


def test_footnotes_lead_there_and_back():
    shown = html_of("a[^x] b[^x]\n\n[^x]: note")
    assert shown.count('<sup class="footnote-ref" id="fn-r1">') == 1
    assert shown.count('href="#fn-1" role="doc-noteref"') == 2
    assert '<li id="fn-1"><p>note <a href="#fn-r1" class="footnote-back" role="doc-backlink">↩</a></p></li>' in shown


def test_abbreviations_are_explained_where_they_are_whole_words():
    shown = html_of("HTML and XHTML\n\n*[HTML]: Hyper text")
    assert shown == '<p><abbr title="Hyper text">HTML</abbr> and XHTML</p>'


def test_definition_lists_strikes_and_code():
    assert "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>" in html_of("a\n: b")
    assert html_of("~~a~~ `<b>`") == "<p><del>a</del> <code>&lt;b&gt;</code></p>"
    assert '<pre tabindex="0"><code class="language-python">x\n' in html_of("```python\nx\n```")
    assert html_of("&copy; &amp; &nosuch;") == "<p>© &amp; &amp;nosuch;</p>"


def callout(kind: str, title: str, inside: str) -> str:
    return f'<aside class="callout {kind}" role="note">\n<p class="callout-title">{title}</p>\n{inside}\n</aside>'


@pytest.mark.parametrize("kind", ["NOTE", "tip", "Important", "warning", "CAUTION"])
def test_a_quote_can_be_a_callout(kind):
    look = kind.lower()
    assert html_of(f"> [!{kind}]\n> Mind this") == callout(look, look.capitalize(), "<p>Mind this</p>")


def test_a_callout_may_have_a_title_of_its_own():
    assert html_of("> [!NOTE] By *train*\n> Mind this") == callout("note", "By <em>train</em>", "<p>Mind this</p>")
    assert html_of("> [!NOTE] Alone\n>\n> - a") == callout("note", "Alone", "<ul>\n<li>a</li>\n</ul>")
    assert html_of("> [!ODD]\n> x") == "<blockquote>\n<p>[!ODD]\nx</p>\n</blockquote>"


# Pictures


def test_a_picture_alone_in_its_paragraph_has_its_title_as_caption():
    assert html_of('![A desk](/a.png "Where we *sit*")') == (
        '<figure><img src="/a.png" alt="A desk" loading="lazy"><figcaption>Where we *sit*</figcaption></figure>'
    )
    assert "<figure" not in html_of('See ![a desk](/a.png "Title") here')
    assert "<figure" not in html_of("![A desk](/a.png)")
    assert "<figure" not in html_of('![A desk](https://a.example/a.png "Title")')


def test_a_picture_may_say_how_large_it_is():
    size = 'width="600" height="400"'
    assert html_of("![](/a.png){width=600 height=400}") == f'<p><img src="/a.png" alt="" {size} loading="lazy"></p>'
    assert html_of('![](/a.png "T"){width="600" height="400"}').startswith(f'<figure><img src="/a.png" alt="" {size}')
    assert "{width=wide}" in html_of("![](/a.png){width=wide}")


# Code


def test_the_parts_of_code_in_a_known_language_are_told_apart():
    assert html_of('```python\nif x: "a<b"  # why\n```') == (
        '<pre tabindex="0"><code class="language-python"><span class="tok-key">if</span> x: '
        '<span class="tok-str">"a&lt;b"</span>  <span class="tok-com"># why</span>\n</code></pre>'
    )
    assert '<span class="tok-ins">+new</span>' in html_of("- item\n\n  ```diff\n  +new\n  ```")


@pytest.mark.parametrize("language", ["", "nobody-knows-this", "../x", "python'", "x" * 200])
def test_code_in_an_unknown_language_is_plain(language):
    assert "<span" not in html_of(f"```{language}\nif x: 1\n```")


def test_code_that_cannot_be_read_in_time_is_plain_and_the_rest_is_shown():
    started = time.process_time()
    shown = html_of("```yaml\na: 1\n```\n\n```python\n" + " \n" * 9000 + "x\n```\n\nAfter")
    assert time.process_time() - started < 1, "the work is done in a child"
    assert '<span class="tok-key">a</span>' in shown
    assert 'class="language-python"><span' not in shown
    assert shown.endswith("<p>After</p>")


def test_very_much_code_is_plain():
    assert "<span" not in html_of("```python\n" + "if x: pass\n" * 7000 + "```")


def test_a_few_bare_tags_are_shown_and_the_rest_is_text():
    assert html_of("a<br/>b<br>c H<sub class='x'>2</sub>O") == "<p>a<br>b<br>c H<sub>2</sub>O</p>"
    assert html_of("a <blink>b</blink>") == "<p>a &lt;blink&gt;b&lt;/blink&gt;</p>"
    assert html_of("a<!-- hidden -->b") == "<p>ab</p>"
    assert html_of("<!-- hidden\n\nstill -->\n\nb") == "<p>b</p>"


def test_html_tables_and_details_of_an_imported_page_are_shown():
    shown = html_of('<table class="x"><tr><td onclick="y"><a href="/a/">z</a></td></tr></table>')
    assert '<td><a href="/a">z</a></td>' in shown
    shown = html_of("<details open>\n<summary>More</summary>\n\n*text*\n\n</details>")
    assert shown.startswith("<details>\n<summary>More</summary>")
    assert "<em>text</em>" in shown


# Shortcodes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[a]({% page "/x/y/#z" %})', '<p><a href="/x/y#h-z">a</a></p>'),
        ('[a]({% page "x/y" %}#z)', '<p><a href="/x/y#h-z">a</a></p>'),
        (
            "[a]({% page '/x/' %}) and [b][c]\n\n[c]: {% page \"/q/\" %}",
            '<p><a href="/x">a</a> and <a href="/q">b</a></p>',
        ),
        ('[a]({%page "/x"%})', '<p><a href="/x">a</a></p>'),
        ('[a]({% page\n"/x" %})', '<p><a href="/x">a</a></p>'),
        ("[a]({{ site.baseurl }}/x/) [b]({{base.baseurl}}/y)", '<p><a href="/x">a</a> <a href="/y">b</a></p>'),
        ('Ask {% slack_channel "people_ops" %}', "<p>Ask #people_ops</p>"),
        ("a{% comment %}b\n\nc{% endcomment %}d", "<p>ad</p>"),
        ("a {% raw %}{% page 'x' %}{% endraw %}", "<p>a {% page &#x27;x&#x27; %}</p>"),
        ('a {% include "x.html" steps: y %}', "<p>a</p>"),
        ('{% image "_img/x.png" "A *map*" %}', "<p><em>A *map*</em></p>"),
        ("a {% unknown %} b", "<p>a {% unknown %} b</p>"),
        ("a {{ value }} {% page", "<p>a {{ value }} {% page</p>"),
        ('`{% page "x" %}` and ``{% raw %}``', '<p><code>{% page "x" %}</code> and <code>{% raw %}</code></p>'),
        ('`a` {% slack_channel "x" %} `b', "<p><code>a</code> #x `b</p>"),
        ("{% alert %}\nMind\n{% endalert %}", callout("note", "Note", "<p>Mind</p>")),
        ("{% alert %}Mind{% endalert %}\nAfter", callout("note", "Note", "<p>Mind</p>") + "\n<p>After</p>"),
        (
            '{% alert "Heads up!", "warning" %}\n- a\n{% endalert %}',
            callout("warning", "<strong>Heads up!</strong>", "<ul>\n<li>a</li>\n</ul>"),
        ),
    ],
)
def test_shortcodes_of_other_handbooks_become_markdown(text, shown):
    assert html_of(text).replace("&quot;", '"').replace("'", "&#x27;") == shown


def test_shortcodes_in_code_are_left_alone():
    code = '{% page "x" %}\n{% comment %}a{% endcomment %}\n{% alert %}\n'
    assert code in html_of(f"```\n{code}```").replace("&quot;", '"')
    assert "{% raw %}" in html_of("- a\n\n  ~~~\n  {% raw %}\n  ~~~")


# Remarks


def test_a_remark_has_no_headings_and_no_ids_but_its_own():
    assert render_fragment("# Loud\n\ntext[^1]\n\n[^1]: note", "act-7").startswith(
        "<p><strong>Loud</strong></p>\n<p>text"
    )
    assert 'id="fn-act-7-1"' in render_fragment("a[^1]\n\n[^1]: b", "act-7")
    assert "<h2" not in render_fragment("<h2>x</h2>\n\nA\n===", "c")


# Many at once


def test_pages_never_get_mixed_up_when_many_are_rendered_at_once():
    texts = [f"# P{n}\n\n[a]: /link{n}\n\n[a] text{n}[^{n}]\n\n[^{n}]: note{n}\n\n*[text{n}]: T{n}" for n in range(60)]
    alone = [render_page(text, "") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: render_page(text, ""), texts * 5))
    assert together == alone * 5


def test_a_long_page_is_rendered_apart_with_the_same_result():
    text = "---\ntitle: T\nowner: o\nredirect_from: x\n---\n" + "## A[^1]\n\nä *b* [c](d.md)\n\n" * 40 + "[^1]: n"
    assert asdict(apart.page_apart(text, "f")) == asdict(render.page(text, "f"))
    assert apart.fragment_apart(text, "c-") == render.fragment(text, "c-")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Before <em>the</em> start", "Before the start"),
        ("Terms &amp; conditions", "Terms & conditions"),
        ("How to write &lt;em&gt;", "How to write <em>"),
        ("The <head> of a page, 1 < 2", "The <head> of a page, 1 < 2"),
    ],
)
def test_html_within_a_title_is_read_as_words(written, words):
    assert render_page(f'---\ntitle: "{written}"\n---\nText', "").title == words


def test_the_index_reads_titles_as_the_page_does():
    front, body = split_front_matter('---\ntitle: "Before <em>the</em> start &amp; after"\n---\nText')
    assert summarise("a", front, body).title == "Before the start & after"
    assert summarise("a", {}, "# Terms &amp; *conditions*\n\nSalt &amp; pepper.\n").title == "Terms & conditions"
    assert summarise("a", {}, "# Terms\n\nSalt &amp; pepper.\n").lead == "Salt & pepper."
