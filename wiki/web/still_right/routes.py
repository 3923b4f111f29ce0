"""The blueprint of what asks to be looked at again."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("still_right", __name__)
