"""A build hook: compiles the catalogues of wiki/translations before they are packed or installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Called by hatchling for wheels and for editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for catalogue in Path(self.root, "wiki", "translations").glob("*/LC_MESSAGES/*.po"):
            with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale=catalogue.parts[-3]))
