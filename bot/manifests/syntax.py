"""What the tree engine must know of a syntax: to parse it, to type a scalar, and to write one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.policy.nodes import Document, ScalarNode, YamlError, parse_yaml
from bot.manifests.json_nodes import JsonError, parse_json
from bot.manifests.scalars import double_quoted, is_certain, is_integer, is_number, scalar_type, written

FAULTS: Final = (YamlError, JsonError)


@dataclass(frozen=True)
class Syntax:
    """``parse`` raises one of FAULTS. ``write`` gives the text and the type of a new value in the place of an old
    scalar, the third argument saying whether it stands in a flow collection. ``escape`` matches one escape between
    double quotes, ``quote`` writes text between double quotes. ``certain`` says whether all readers
    take a scalar for the text that is written."""

    parse: Callable[[str], list[Document]]
    type_of: Callable[[ScalarNode], str]
    write: Callable[[ScalarNode, str, bool], tuple[str, str]]
    escape: re.Pattern[str]
    quote: Callable[[str], str]
    certain: Callable[[ScalarNode], bool]


def json_type(node: ScalarNode) -> str:
    """`str`, `int`, `float`, `bool` or `null`."""
    if node.style:
        return "str"
    if node.value in ("true", "false"):
        return "bool"
    if node.value == "null":
        return "null"
    return "float" if re.search(r"[.eE]", node.value) else "int"


def _json_certain(node: ScalarNode) -> bool:
    return bool(node.style) or is_number(node.value)


def _json_written(old: ScalarNode, text: str, _in_flow: bool) -> tuple[str, str]:
    """A number stays one where every reader writes the new one back as it stands; all else is a string."""
    if json_type(old) in ("int", "float") and is_number(text):
        return text, "int" if is_integer(text) else "float"
    return _json_quoted(text), "str"


def _json_quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_YAML_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
# Two escapes of one character beyond the first plane (RFC 8259, section 7), or one escape.
_JSON_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\.")

YAML: Final = Syntax(parse_yaml, scalar_type, written, _YAML_ESCAPE, double_quoted, is_certain)
JSON: Final = Syntax(parse_json, json_type, _json_written, _JSON_ESCAPE, _json_quoted, _json_certain)
SYNTAXES: Final[Mapping[str, Syntax]] = {"yaml": YAML, "json": JSON}
