"""Drafts and suggestions: what colleagues are still writing, before it is an act. Knows SQL, and nothing of git.

A draft is seen by its author alone; a suggestion is a draft that somebody gave to the authors of a proposal.
"""

from wiki.drafts.drafts import Draft, DraftFile, Drafts, Intent
from wiki.drafts.suggestions import Fate, Suggestion, Suggestions

__all__ = ["Draft", "DraftFile", "Drafts", "Fate", "Intent", "Suggestion", "Suggestions"]
