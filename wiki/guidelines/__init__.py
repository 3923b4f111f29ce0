"""The service: what colleagues can do with the guidelines. The only caller of writes.

Every method appends at most one act to a chain by compare-and-swap and then tries whether the proposal may
come into force. The web, the command line and the clock call it; it calls the model and the repository.

`settling` weighs and merges, and holds what the others share; `proposing` puts texts on the table, `voices` is what
colleagues say to them, `life` closes and reopens, `talking` is beside the chain.
"""

from __future__ import annotations

from wiki.guidelines.life import Life
from wiki.guidelines.proposing import Proposing
from wiki.guidelines.settling import Outcome
from wiki.guidelines.talking import Talking
from wiki.guidelines.voices import Voices

__all__ = ["Guidelines", "Outcome"]


class Guidelines(Proposing, Voices, Life, Talking):
    """The guidelines of one content repository, with everything that can be done with them."""
