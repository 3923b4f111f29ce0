"""Templates compiled once for all the applications of a test run, which is most of what a new application costs."""

from __future__ import annotations

from jinja2.bccache import Bucket, BytecodeCache


class InMemory(BytecodeCache):
    """The compiled templates of this process, by their name and text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(f"{bucket.key}{bucket.checksum}")
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[f"{bucket.key}{bucket.checksum}"] = bucket.bytecode_to_string()


KEPT = InMemory()
