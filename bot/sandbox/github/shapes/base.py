"""What every shape shares: node ids and addresses."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge


def node_id(kind: str, number: int | str) -> str:
    """A GraphQL node id in GitHub's older form."""
    return base64.b64encode(f"0{len(kind)}:{kind}{number}".encode()).decode()


def api(forge: Forge, path: str) -> str:
    """An address of the REST API."""
    return f"{forge.config.api}/{path}"


def repo_api(forge: Forge, full_name: str, path: str = "") -> str:
    """An address below a repository in the REST API."""
    return api(forge, f"repos/{full_name}/{path}".rstrip("/"))


def html(forge: Forge, path: str) -> str:
    """An address of the web page."""
    return f"{forge.config.html_base.rstrip('/')}/{path}"
