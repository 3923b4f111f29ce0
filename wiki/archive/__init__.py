"""One file that holds a whole wiki: made while it serves, and made into a wiki again.

`back_up` and `restore` are called by the command line. An archive is a tar file, compressed by gzip: ``manifest.json``
first, then the parts that it names.
"""

from wiki.archive.making import back_up
from wiki.archive.manifest import Manifest
from wiki.archive.restoring import Restored, restore

__all__ = ["Manifest", "Restored", "back_up", "restore"]
