"""YAML scalars: their type, and how new text is written in the place of an old one."""

from __future__ import annotations

import re
from typing import Final

import yaml

from bot.domain.policy.nodes import ScalarNode

_TYPES: Final = {
    "tag:yaml.org,2002:str": "str",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:float": "float",
    "tag:yaml.org,2002:bool": "bool",
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:timestamp": "timestamp",
}
# YAML 1.2's core schema has numbers that 1.1 does not know: 1e3, 0o17.
_CORE_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CORE_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
# Go's reader takes these too, with a `_` anywhere in a number.
_NOTATION = re.compile(
    rf"{_CORE_FLOAT.pattern}|{_CORE_INT.pattern}|0[bB][01]+|[0-9]{{4}}-[0-9]{{1,2}}-[0-9].*", re.DOTALL
)
_INT = re.compile(r"0|[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9]")
# What YAML 1.1 and 1.2, and readers in between, all take for text: it starts with a letter and is no reserved word …
_WORDLIKE = re.compile(r"[A-Za-z][A-Za-z0-9_./:@+=~%-]*(?<!:)")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
# … or it is words, starts with a letter or a mark that begins no notation, and holds nothing that YAML knows …
_WORDS = re.compile(r"(?=.*[A-Za-z])[A-Za-z_</($][A-Za-z0-9 _./:@+=~%<>()$;-]*(?<![:\s])")
# … or is a path or an image, which begins with a number at times: no notation of numbers or times has a slash …
_PATH = re.compile(r"(?=[^/]*/)[A-Za-z0-9_./][A-Za-z0-9_./:@+=~%-]*(?<!:)")
# … or is a version of three parts and more, or has a letter that no notation of numbers or times has.
_RELEASE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:[.+-][A-Za-z0-9.+-]*[A-Za-z0-9])?")
_MIXED = re.compile(
    r"(?!0[xXoObB])(?![0-9]{4}-[0-9])[0-9][A-Za-z0-9_./@+-]*[ac-df-np-wyzAC-DF-NP-SU-WY][A-Za-z0-9_./@+-]*"
)
# The rest of what is not printable is written by number; YAML 1.2, section 5.7.
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_RESOLVER = yaml.SafeLoader.yaml_implicit_resolvers


def scalar_type(node: ScalarNode) -> str:
    """`str`, `int`, `float`, `bool`, `null` or `timestamp`, as YAML 1.1 reads it (what Kubernetes' tools read)."""
    if node.style:
        return "str"
    candidates = (*_RESOLVER.get(node.value[:1], ()), *_RESOLVER.get(None, ()))
    tag = next((tag for tag, pattern in candidates if pattern.match(node.value)), "tag:yaml.org,2002:str")
    return _TYPES.get(tag, "str")


def reads_as_text(text: str) -> bool:
    """Whether plain text is a string for certain, whichever YAML reads it."""
    if _WORDLIKE.fullmatch(text):
        return text.lower() not in _RESERVED
    if _RELEASE.fullmatch(text) or _PATH.fullmatch(text) or (_WORDS.fullmatch(text) and ": " not in text):
        return True
    return _MIXED.fullmatch(text) is not None and not (_CORE_FLOAT.fullmatch(text) or _CORE_INT.fullmatch(text))


def is_certain(node: ScalarNode) -> bool:
    """Whether all readers take the scalar for the text that is written: not 1.10, 0x10, 1e3, yes, 12:30, 2024-1-2."""
    if node.style or reads_as_text(node.value):
        return True
    if scalar_type(node) != "str":
        return is_number(node.value)
    return not _NOTATION.fullmatch(node.value.replace("_", "")) and node.value.lower() not in _RESERVED


def is_number(text: str) -> bool:
    """Whether plain text is a number that every reader writes back as it stands: 42 and 1.5, but not 1.10, 1e3, or
    1.0, which Helm writes as 1."""
    return bool(_INT.fullmatch(text)) or (_FLOAT.fullmatch(text) is not None and repr(float(text)) == text)


def is_integer(text: str) -> bool:
    """Whether plain text is a whole number that every reader writes back as it stands."""
    return _INT.fullmatch(text) is not None


def written(old: ScalarNode, text: str, in_flow: bool) -> tuple[str, str]:
    """How ``text`` is written in the place of ``old``, and the type that it then has.

    Quotes stay what they were. A plain scalar stays plain where it keeps its type: a number for a number, text that
    cannot be taken for anything else for text. Otherwise it is put into double quotes.
    """
    if old.style == "'":
        return "'" + text.replace("'", "''") + "'", "str"
    if old.style == '"':
        return double_quoted(text), "str"
    if scalar_type(old) in ("int", "float") and is_number(text):
        return text, "int" if is_integer(text) else "float"
    colon_in_flow = in_flow and ":" in text and ":" not in old.value
    if reads_as_text(text) and not colon_in_flow:
        return text, "str"
    return double_quoted(text), "str"


def double_quoted(text: str) -> str:
    """Text between double quotes, on one line."""
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
