"""Better words for a sentence: a proposal of one sentence, from the page that it stands on.

`views` answers, `sheet` is the sentence or passage that other words are suggested for, `forms` is what is asked. What
somebody reads is found in the source by `wiki.prose.rewording`. `static/words.js` opens the same form over the page.
"""

from __future__ import annotations

from wiki.web.better_words import views
from wiki.web.better_words.routes import blueprint

__all__ = ["blueprint", "views"]
