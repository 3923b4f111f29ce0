"""How we are doing: how long changes take, what they wait for, and what nobody looks after.

`figures` reckons from the index and the accounts, `page` says it in prose with tables, `picture` draws it.
"""

from wiki.web.doing.page import attach, blueprint

__all__ = ["attach", "blueprint"]
