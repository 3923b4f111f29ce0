"""What waits for somebody: one list, the most useful first, as a page and in the daily letter.

`things` finds it, `page` shows it with every difference folded and leads from mail to the place of deciding.
"""

from wiki.web.waiting import page
from wiki.web.waiting.page import blueprint

__all__ = ["blueprint", "page"]
