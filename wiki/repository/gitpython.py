"""GitPython, told not to look for git while it is imported: `check_git_version` does, and says so in words."""

from __future__ import annotations

import os

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import git as gitpython

__all__ = ["gitpython"]
