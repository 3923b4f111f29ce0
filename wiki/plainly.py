"""What all commands share: their settings, and how they end where they cannot do their work."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from wiki.model.errors import WikiError

if TYPE_CHECKING:
    from wiki.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def plainly(function: Callable[P, R]) -> Callable[P, R]:
    """An error of ours as one sentence and a non-zero exit."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except WikiError as error:
            lines = [line.strip() for line in str(error).splitlines()]
            raise click.ClickException("; ".join(filter(None, lines))) from error

    return wrapped


def load_settings() -> Settings:
    """The settings of this environment."""
    from wiki.settings import Settings

    return Settings.load(os.environ)
