"""Asking colleagues to look at a proposal, so that nobody waits for want of endorsers.

`whom` and `circle` are pure: who is asked and why, how many and when. `facts` finds out about colleagues from the index
and from accounts, `requests` and `choices` are the rows, and `asking` puts them together: an author asks with a click,
and the clock widens the circle where nobody answers. Telling people is done by `wiki.notify`. Nothing in this room is
read by `decide`.
"""

from wiki.asking.asking import PAUSE, Asking
from wiki.asking.choices import OFFERED, Choice
from wiki.asking.forgetting import forget_requests, requests_kept
from wiki.asking.requests import Fate, Request
from wiki.asking.whom import Because, Reason, Suggested

__all__ = [
    "OFFERED", "PAUSE", "Asking", "Because", "Choice", "Fate", "Reason", "Request", "Suggested", "forget_requests",
    "requests_kept",
]  # fmt: skip
