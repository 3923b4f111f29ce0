"""The blueprint of the policy."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("policy", __name__)
