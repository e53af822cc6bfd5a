"""The format that a file of the deployment repo is in, by its name."""

from __future__ import annotations

from bot.domain.policy.model import Format

# Each would parse as YAML, or nearly, and then be edited wrongly.
_NO_FORMAT = (".ini", ".properties")


def format_of(path: str) -> Format | None:
    """By the name: `.json`, `.toml`, `.env` and its relatives; None where it must be said; else YAML."""
    name = path.rpartition("/")[2].lower()
    if name.endswith(".env") or name.startswith(".env."):
        return "dotenv"
    if name.endswith(_NO_FORMAT):
        return None
    return "json" if name.endswith(".json") else "toml" if name.endswith(".toml") else "yaml"
