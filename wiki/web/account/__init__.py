"""Your account, within the web: `you` is your name, address and password, `address` the confirmed change of an address,
`sessions` where you are signed in, `tokens` keys for programs, `data` what is kept about you, and leaving. `sure` asks
whether it is you. A token opens none of it."""

from wiki.web.account import address, data, sessions, tokens, you
from wiki.web.account.routes import blueprint

__all__ = ["address", "blueprint", "data", "sessions", "tokens", "you"]
