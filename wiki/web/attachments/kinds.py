"""What a file is, by its bytes; and what it is called."""

from __future__ import annotations

import io
import re
import struct
import unicodedata

import imagesize
import puremagic

from wiki.model.names import problem_with_path

MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webp": "image/webp",
}
_ALSO = {".jpeg": ".jpg", ".jfif": ".jpg", ".jpe": ".jpg"}
_HEAD = 4096
_MAX_STEM = 60
_SAYS_NOTHING = re.compile(r"(?:image|picture|photo|screenshot|untitled|file|bild|img)?[\d_.-]*", re.IGNORECASE)


def kind_of(data: bytes) -> str | None:
    """The suffix of what these bytes are: a picture that browsers show, or a PDF. None for anything else."""
    try:
        found = puremagic.magic_string(data[:_HEAD])
    except (puremagic.PureError, ValueError):
        return None
    suffix = found[0].extension if found else ""
    suffix = _ALSO.get(suffix, suffix)
    return suffix if suffix in MEDIA_TYPES else None


def points_in(data: bytes) -> int | None:
    """How many points a picture says that it has; None where it does not say so."""
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (ValueError, OSError, EOFError, IndexError, struct.error):
        return None
    return int(width) * int(height) if width > 0 and height > 0 else None


def name_for(sent: str, suffix: str, blob: str) -> str:
    """The name under which a file is kept beside its page. It ends in what the file is and holds a part of its id, so
    that other bytes never have the same name."""
    last = unicodedata.normalize("NFC", sent.replace("\\", "/")).rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    words = re.sub(r"[^\w.-]+", "-", stem, flags=re.UNICODE).strip("-._")
    words = words.encode("utf-8", "ignore")[:_MAX_STEM].decode("utf-8", "ignore").strip("-._")
    if _SAYS_NOTHING.fullmatch(words):
        words = "file" if suffix == ".pdf" else "picture"
    name = f"{words}-{blob[:8]}{suffix}"
    return name if problem_with_path(name) is None else f"file-{blob[:8]}{suffix}"


def words_of(sent: str) -> str:
    """What a picture may be called until somebody says what it shows: its name in words."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    words = " ".join(re.sub(r"[\W_]+", " ", last.rpartition(".")[0] or last).split())
    return "" if _SAYS_NOTHING.fullmatch(words.replace(" ", "-")) else words[:100]


def is_picture(path: str) -> bool:
    """Whether a file can be shown in a page."""
    return not path.endswith(".pdf")
