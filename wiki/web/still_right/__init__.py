"""Still right? What a page asks when the day has come by which somebody should look at it again.

`banner` is the question on the page, `confirming` answers the button there, `listing` is the list of what is due,
`wiki.web.review_words` says it where a proposal is shown. What is proposed is made in `wiki.together.confirming`.
"""

from __future__ import annotations

from wiki.web.still_right import confirming, listing
from wiki.web.still_right.routes import blueprint

__all__ = ["blueprint", "confirming", "listing"]
