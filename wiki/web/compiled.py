"""Templates as they were compiled once, kept beside them as Python keeps its modules: to compile those of a page takes
longer than to answer it.

Whoever can write there could write the templates, so what lies there is trusted as they are. Where nothing can be
written, each process compiles them for itself.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

_DIGEST = sha256().digest_size


class KeptBeside(BytecodeCache):
    """The compiled templates of a folder. What is of another text, of another Python or Jinja, of other rules of
    writing, or damaged, is not used."""

    def __init__(self, templates: Path, environment: Environment) -> None:
        self.place = templates / "__pycache__"
        rules = version("jinja2"), environment.trim_blocks, environment.lstrip_blocks, sorted(environment.extensions)
        self._kind = f"{sys.implementation.cache_tag}-{sha256(repr(rules).encode()).hexdigest()[:12]}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of a template, where it is whole and of the same text."""
        with suppress(OSError):
            kept = self._file(bucket).read_bytes()
            digest, code = kept[:_DIGEST], kept[_DIGEST:]
            if sha256(code).digest() == digest:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, unless Python is not to keep modules either."""
        if sys.dont_write_bytecode:
            return
        file, code = self._file(bucket), bucket.bytecode_to_string()
        new = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            self.place.mkdir(exist_ok=True)
            new.write_bytes(sha256(code).digest() + code)
            new.replace(file)
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def _file(self, bucket: Bucket) -> Path:
        return self.place / f"{bucket.key}.{self._kind}"
