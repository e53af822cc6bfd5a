"""Patterns of places in a document: selectors with holes, for looking where a version may stand.

`a.b` keys, `*` in a key for any characters (fnmatch), `"quoted.key"`, `[]` every item of a list, `[name=GLOB]` the
items that read so, `[3]` one item, `**` any depth, and `|yaml|` or `|json|` into embedded text. What is found is named
by an exact selector: items by a key that tells them apart, where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from itertools import islice

from bot.domain.policy.nodes import MappingNode, Node, ScalarNode, SequenceNode, YamlError, parse_yaml
from bot.domain.policy.selectors import Index, Inside, Key, Match, Selector, Step

_TOKEN = re.compile(
    r'\s*\|(?P<inside>yaml|json)\|\s*|\[(?:(?P<by>[\w.]+)=(?P<glob>[^\]]*)|(?P<index>\d*))\]|\.?(?:"(?P<quoted>[^"]+)"|(?P<key>[^.\[\]\s|"]+))'
)
# What tells the items of a list apart, the best first.
_NAMES = (
    "name",
    "served_model_name",
    "entity_name",
    "model_name",
    "stage",
    "env",
    "environment",
    "cluster",
    "path",
    "id",
)
_MAX_EMBEDDED = 256 * 1024
MAX_SPOTS = 500


@dataclass(frozen=True)
class Spot:
    """One scalar that a pattern leads to. ``line`` counts from 1 in the file; ``around`` are the nodes on the way."""

    steps: Selector
    node: ScalarNode
    line: int
    around: tuple[Node, ...] = ()


@dataclass(frozen=True)
class _Token:
    sort: str
    text: str = ""
    glob: re.Pattern[str] | None = None


@lru_cache(maxsize=1024)
def _tokens(pattern: str) -> tuple[_Token, ...]:
    tokens, place = [], 0
    while place < len(pattern):
        hit = _TOKEN.match(pattern, place)
        if hit is None:
            raise ValueError(f"no pattern: {pattern!r} at {place}")
        tokens.append(_token(hit))
        place = hit.end()
    return tuple(tokens)


def _token(hit: re.Match[str]) -> _Token:
    if hit["inside"]:
        return _Token("inside", hit["inside"])
    if hit["by"]:
        return _Token("items", hit["by"], re.compile(translate(hit["glob"])))
    if hit["index"] is not None:
        return _Token("item", hit["index"]) if hit["index"] else _Token("items")
    if hit["quoted"]:
        return _Token("key", hit["quoted"])
    key = hit["key"]
    if key == "**":
        return _Token("deep")
    return _Token("key", key, re.compile(translate(key)) if "*" in key else None)


def spots(root: Node, pattern: str, wanted: Callable[[str], bool] = bool) -> list[Spot]:
    """The scalars with text that the pattern leads to and that are ``wanted``, at most MAX_SPOTS, in the order of the
    text. Aliases are not followed."""
    every = _spots(root, _tokens(pattern), (), 0, (root,))
    return list(islice((spot for spot in every if wanted(spot.node.value)), MAX_SPOTS))


def _spots(
    node: Node, tokens: tuple[_Token, ...], steps: Selector, above: int, around: tuple[Node, ...]
) -> Iterator[Spot]:
    if not tokens:
        if isinstance(node, ScalarNode):
            yield Spot(steps, node, node.line + above, around)
        return
    first, rest = tokens[0], tokens[1:]
    if first.sort == "inside":
        yield from _embedded(node, first.text, rest, steps, above, around)
        return
    if first.sort == "deep":
        yield from _spots(node, rest, steps, above, around)
        for step, child in _children(node):
            yield from _spots(child, tokens, (*steps, step), above, (*around, child))
        return
    for step, child in _matching(node, first):
        yield from _spots(child, rest, (*steps, step), above, (*around, child))


def _embedded(
    node: Node, form: str, rest: tuple[_Token, ...], steps: Selector, above: int, around: tuple[Node, ...]
) -> Iterator[Spot]:
    if not isinstance(node, ScalarNode) or len(node.value) > _MAX_EMBEDDED:
        return
    try:
        documents = parse_yaml(node.value, 50_000)
    except YamlError:
        return
    if len(documents) == 1 and not isinstance(documents[0].root, ScalarNode):
        line = above + node.line - (0 if node.style in ("|", ">") else 1)
        yield from _spots(documents[0].root, rest, (*steps, Inside(form)), line, around)


def _matching(node: Node, token: _Token) -> Iterator[tuple[Step, Node]]:
    if token.sort == "key":
        yield from (pair for pair in _keys(node) if _fits(pair[0].name, token))
    elif isinstance(node, SequenceNode):
        for place, pair in enumerate(_items(node)):
            if token.sort == "item" and place == int(token.text):
                yield Index(place), pair[1]
            elif token.sort == "items" and (token.glob is None or _item_fits(pair[1], token)):
                yield _by(token, pair, node), pair[1]


def _fits(name: str, token: _Token) -> bool:
    return token.glob.match(name) is not None if token.glob else name == token.text


def _item_fits(item: Node, token: _Token) -> bool:
    value = text_at(item, token.text)
    return value is not None and token.glob is not None and token.glob.match(value) is not None


def _by(token: _Token, pair: tuple[Step, Node], node: SequenceNode) -> Step:
    """By the key that the pattern names, when it tells the item from the others."""
    value = text_at(pair[1], token.text) if token.text else None
    if value and _usable(value) and sum(text_at(item, token.text) == value for item in node.items) == 1:
        return Match((token.text,), value)
    return pair[0]


def _children(node: Node) -> Iterator[tuple[Step, Node]]:
    yield from _keys(node)
    yield from _items(node)


def _keys(node: Node) -> Iterator[tuple[Key, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.items:
            if isinstance(key, ScalarNode) and key.value:
                yield Key(key.value), value


def _items(node: Node) -> Iterator[tuple[Step, Node]]:
    if isinstance(node, SequenceNode):
        by = next((name for name in _NAMES if _tells_apart(node, name)), None)
        for place, item in enumerate(node.items):
            yield (Match((by,), text_at(item, by) or "") if by else Index(place)), item


def _tells_apart(node: SequenceNode, name: str) -> bool:
    if not node.items:
        return False
    values = [text_at(item, name) for item in node.items]
    return all(value is not None and _usable(value) for value in values) and len(set(values)) == len(values)


def _usable(value: str) -> bool:
    return bool(value) and len(value) <= 200 and value.isprintable() and "{" not in value


def text_at(node: Node, dotted: str) -> str | None:
    """The scalar behind keys that are joined by dots, or None."""
    for name in dotted.split("."):
        if not isinstance(node, MappingNode):
            return None
        node_or_none = next((v for k, v in node.items if isinstance(k, ScalarNode) and k.value == name), None)
        if node_or_none is None:
            return None
        node = node_or_none
    return node.value if isinstance(node, ScalarNode) else None


def has(node: Node, *names: str) -> bool:
    """Whether a mapping has all these keys."""
    return isinstance(node, MappingNode) and set(names) <= {k.value for k, _ in node.items if isinstance(k, ScalarNode)}


def keys_at(node: Node, name: str) -> list[str]:
    """The keys of the mapping behind a key."""
    inner = next((child for key, child in _keys(node) if key.name == name), None)
    return [key.name for key, _ in _keys(inner)] if inner is not None else []
