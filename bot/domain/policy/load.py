"""Policy files become one tree of plain values, each of which remembers its file and line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.policy.faults import Fault
from bot.domain.policy.nodes import (
    AliasNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    YamlError,
    parse_yaml,
)

MAX_BYTES = 1024 * 1024
MAX_VALUES = 50_000
MAX_DEPTH = 40

Key = tuple[str | int, ...]
Place = tuple[str, int]

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass
class Loaded:
    """``data`` holds dicts, tuples and scalars; ``places`` says where each key stands."""

    data: dict[str, object] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, key: Key) -> Place:
        """Where a key stands, or the nearest thing around it."""
        for length in range(len(key), -1, -1):
            if key[:length] in self.places:
                return self.places[key[:length]]
        return (".slackops.yaml", 1)


def dotted(key: Key) -> str:
    """`environments.production.gates[0].metric`."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def load(files: Mapping[str, bytes]) -> Loaded:
    """All files read and merged in the order of their names: mappings merge, and nothing else may be said twice."""
    loaded = Loaded()
    for name in sorted(files):
        loaded.places.setdefault((), (name, 1))
        _File(name, loaded).read(files[name])
    return loaded


def scalar(node: ScalarNode) -> object:
    """A value by YAML 1.2's core schema, so that `on`, `yes` and `12:30` are text."""
    if node.style or node.tag == "tag:yaml.org,2002:str":
        return node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    if _INT.fullmatch(node.value):
        return int(node.value)
    number = float(node.value) if _FLOAT.fullmatch(node.value) else math.inf
    return number if math.isfinite(number) else node.value


class _File:
    """Reads one file into what was loaded before it."""

    def __init__(self, name: str, loaded: Loaded) -> None:
        self._name, self._loaded, self._left = name, loaded, MAX_VALUES

    def read(self, content: bytes) -> None:
        try:
            root = self._root(content)
            if root is not None:
                self._into(self._loaded.data, root, ())
        except YamlError as fault:
            self._fault(fault.line, (), fault.message)

    def _root(self, content: bytes) -> MappingNode | None:
        if len(content) > MAX_BYTES:
            raise YamlError(f"the file has {len(content)} bytes; at most {MAX_BYTES} are read", 1)
        documents = parse_yaml(_decoded(content).removeprefix("\ufeff"), MAX_VALUES)
        if len(documents) > 1:
            raise YamlError("a second document; expected one", documents[1].root.line)
        root = documents[0].root if documents else None
        if root is None or (isinstance(root, ScalarNode) and scalar(root) is None):
            return None
        if not isinstance(root, MappingNode):
            raise YamlError("expected a mapping with keys such as environments: and models:", root.line)
        return root

    def _into(self, data: dict[str, object], node: MappingNode, key: Key) -> None:
        seen: set[str] = set()
        for name_node, value in node.items:
            name = self._key_name(name_node, key)
            if name is None:
                continue
            if name in seen:
                self._fault(name_node.line, (*key, name), "written twice")
            else:
                seen.add(name)
                self._put(data, name, name_node.line, value, key)

    def _key_name(self, node: Node, key: Key) -> str | None:
        if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
            self._fault(node.line, key, "a key that is no plain text; expected a name")
        elif node.value == "<<" and not node.style:
            self._fault(node.line, (*key, "<<"), "merge keys are not read; write the keys out, or use an alias")
        else:
            return node.value
        return None

    def _put(self, data: dict[str, object], name: str, line: int, value: Node, parent: Key) -> None:
        key = (*parent, name)
        target = _behind(value)
        if name not in data:
            self._loaded.places[key] = (self._name, line)
            data[name] = self._value(target, key)
            return
        before = data[name]
        if isinstance(before, dict) and isinstance(target, MappingNode):
            self._count(target, key)
            self._into(before, target, key)
        elif key != ("version",) or self._value(target, key, keep=False) != before:
            file, at = self._loaded.place(key)
            self._fault(line, key, f"said in {file}:{at} already; say it in one file only")

    def _value(self, node: Node, key: Key, keep: bool = True) -> object:
        self._count(node, key)
        node = _behind(node)
        if keep:
            self._loaded.places.setdefault(key, (self._name, node.line))
        if node.tag not in (None, "tag:yaml.org,2002:str", "!"):
            self._fault(node.line, key, f"a tag ({node.tag}); expected a plain value")
        if isinstance(node, MappingNode):
            made: dict[str, object] = {}
            self._into(made, node, key)
            return made
        if isinstance(node, SequenceNode):
            return tuple(self._value(item, (*key, place)) for place, item in enumerate(node.items))
        return scalar(node) if isinstance(node, ScalarNode) else None

    def _count(self, node: Node, key: Key) -> None:
        """Aliases are followed, so what they make is counted: the bound on what is called a billion laughs."""
        self._left -= 1
        if len(key) > MAX_DEPTH:
            raise YamlError(f"nested more than {MAX_DEPTH} levels deep", node.line)
        if self._left < 0:
            raise YamlError("too many values once the aliases are followed", node.line)

    def _fault(self, line: int, key: Key, message: str) -> None:
        self._loaded.faults.append(Fault(self._name, line, dotted(key), message))


def _behind(node: Node) -> Node:
    return node.target if isinstance(node, AliasNode) else node


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise YamlError("not UTF-8", content.count(b"\n", 0, error.start) + 1) from None
