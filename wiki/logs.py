"""Log lines: for people or for programs, each with the id of the request that it is about.

`configure` is called once by a process of its own (a web worker, the clock), and by nobody who only imports the wiki.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)
ACCESS = "wiki.access"
"""The logger of requests that were answered. What its records bring as ``asked`` becomes fields of JSON."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered; empty where there is none."""

_OF_CONNECTIONS = {"OperationalError", "InterfaceError"}
"""What drivers of databases call the errors of a connection, not of what it was told."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(form: str, *, access: bool) -> None:
    """Write what is worth a warning to standard error, and with ``access`` every answer as well."""
    logging.config.dictConfig(configuration(form, access=access))


def configuration(form: str, *, access: bool) -> dict[str, Any]:
    """The same as `logging.config` wants it; servers take it for lines of their own."""
    shape = JsonLines if form == JSON else TextLines
    granian = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": shape}},
        "filters": {"gone": {"()": NotOfWhatIsGone}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["gone"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            ACCESS: {"level": "INFO" if access else "CRITICAL"},
            "_granian": granian,
            "granian.access": granian,
        },
    }


class NotOfWhatIsGone(logging.Filter):
    """Leaves out that a connection to the database could not be tidied up because it is gone: whoever used it is told,
    and tells it in a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this is to be logged."""
        kind = record.exc_info[0] if record.exc_info and record.name.startswith("sqlalchemy.pool") else None
        return kind is None or not _OF_CONNECTIONS & {base.__name__ for base in kind.__mro__}


class TextLines(logging.Formatter):
    """A line for people: when, how grave, by whom, about which request, what. What people sent cannot begin a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; a traceback follows on lines of its own."""
        about = request_id.get()
        told = _CONTROL.sub(_escaped, record.getMessage())
        line = f"{_moment(record)} {record.levelname} {record.name}{f' [{about}]' if about else ''} {told}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """A JSON object on a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        told: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        about = request_id.get()
        if about:
            told["request_id"] = about
        told.update(getattr(record, "asked", {}))
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True, default=str)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
