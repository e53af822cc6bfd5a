"""What a Kubernetes document says of itself in its annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.policy.model import Binding
from bot.domain.policy.selectors import Key, selector_text
from bot.errors import Refused
from bot.manifests.formats import FORMATS


def annotation(binding: Binding, name: str, files: Mapping[str, bytes]) -> str | None:
    """The annotation's value in the document that the binding is in; None where there is none to be read."""
    at = selector_text((Key("metadata"), Key("annotations"), Key(name)))
    try:
        opened = FORMATS[binding.format](binding.file, files[binding.file])
        return opened.leaf(replace(binding, at=at)).scalar.text
    except (Refused, KeyError):
        return None
