"""What a check run says of single lines (https://docs.github.com/rest/checks/runs#list-check-run-annotations)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.github.errors import custom, invalid
from bot.sandbox.github.shapes.base import html

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.store import Doc

MOST = 50  # annotations of one request
LEVELS = {"notice", "warning", "failure"}


def annotation_shape(forge: Forge, repo: Repo, run: Doc, one: Doc) -> Doc:
    """One annotation."""
    optional = ("start_column", "end_column", "title", "raw_details")
    return {
        **{key: one[key] for key in ("path", "start_line", "end_line", "annotation_level", "message")},
        **{key: one.get(key) for key in optional},
        "blob_href": html(forge, f"{repo.full_name}/blob/{run['head_sha']}/{one['path']}"),
    }


def checked(output: Any) -> list[Doc]:
    """The annotations of an ``output``. Raises ApiError 422."""
    if not isinstance(output, dict):
        raise invalid("CheckRun", "output")
    given = output.get("annotations") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid("CheckRun", "annotations")
    if len(given) > MOST:
        raise custom("CheckRun", f"Only {MOST} annotations are allowed in one request.")
    for one in given:
        texts = all(isinstance(one.get(key), str) and one[key] for key in ("path", "message"))
        lines = all(type(one.get(key)) is int for key in ("start_line", "end_line"))
        if not texts or not lines or one.get("annotation_level") not in LEVELS:
            raise invalid("CheckRun", "annotations")
    return given
