"""The blueprint of better words."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("better_words", __name__)
