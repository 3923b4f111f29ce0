"""The history of every page of a real handbook, and of every page that it ever had, beside what git tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.pasts import git
from tests.world import World, copy_of, open_world
from wiki.database import reading
from wiki.index import schema
