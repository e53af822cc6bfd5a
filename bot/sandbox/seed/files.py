"""Finds the example deployment repo: in a checkout under deploy/, in an installed wheel beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGED = Path(__file__).with_name("example-repo")
_CHECKOUT = Path(__file__).parents[3] / "deploy" / "example-repo"


def example_repo() -> Path:
    """The folder with the files of the example deployment repo. Raises FileNotFoundError in a broken installation."""
    for folder in (_PACKAGED, _CHECKOUT):
        if (folder / ".slackops.yaml").is_file():
            return folder
    raise FileNotFoundError("the example deployment repo is missing; install slackops again, or run it from a checkout")


@cache
def example_files() -> dict[str, bytes]:
    """Its files by their path."""
    root = example_repo()
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
