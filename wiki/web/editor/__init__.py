"""The editor: propose a new page, a change, a removal; revise a proposal; work on a page of a draft; preview.

`write` are its views and `show` is its page. What is being edited lies on a `desk`; `keep` puts what was written on the
table or into a draft, and `moved` is for a text that changed meanwhile. `sections` takes a page apart at its headings
and `parts` puts it together again; `sketching` keeps what is being typed; `preview` (with `piecewise`, which is quick)
shows it; `radar` tells of open proposals that
touch the same; `beginnings` are templates, `linking` finds pages.
"""

from __future__ import annotations

from wiki.web.editor import linking, preview, remove, sketching, write
from wiki.web.editor.desk import Desk
from wiki.web.editor.forms import MAX_TOGETHER, MAX_WHY, EditorForm
from wiki.web.editor.routes import blueprint
from wiki.web.editor.show import heeding, open_editor, show

__all__ = [
    "MAX_TOGETHER",
    "MAX_WHY",
    "Desk",
    "EditorForm",
    "blueprint",
    "heeding",
    "linking",
    "open_editor",
    "preview",
    "remove",
    "show",
    "sketching",
    "write",
]
