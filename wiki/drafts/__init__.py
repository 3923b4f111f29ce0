"""Drafts and suggestions: what colleagues are still writing, before it is an act. Knows SQL, and nothing of git.

A sketch is what stands in the editor at this moment, an upload a file that waits with it. A draft is seen by its author
alone; a suggestion is a draft that somebody gave to the authors of a proposal.
"""

from wiki.drafts.drafts import Draft, DraftFile, Drafts, Holding, Intent
from wiki.drafts.forgetting import forget_drafts
from wiki.drafts.sketches import Sketch, Sketches
from wiki.drafts.suggestions import Fate, Suggestion, Suggestions
from wiki.drafts.uploads import DRAFTS, Upload, Uploads

__all__ = [
    "DRAFTS",
    "Draft",
    "DraftFile",
    "Drafts",
    "Fate",
    "Holding",
    "Intent",
    "Sketch",
    "Sketches",
    "Suggestion",
    "Suggestions",
    "Upload",
    "Uploads",
    "forget_drafts",
]
