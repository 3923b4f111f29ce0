"""How we decide: the policy in plain words, what a change would need, and what another policy would mean.

`pages` has the views, `plain` the words, `tester` answers for one page, `effects` weighs what is open under another
policy, `dry_run` replays what was, `groups` finds those in which nobody is left.
"""

from wiki.web.policy import check, pages
from wiki.web.policy.dry_run import attach
from wiki.web.policy.routes import blueprint

__all__ = ["attach", "blueprint", "check", "pages"]
