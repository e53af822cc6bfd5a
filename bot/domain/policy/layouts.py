"""Layouts: one rule that says where a whole fleet of models declares its versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.policy.expressions import fill_expression
from bot.domain.policy.model import Binding, Block, Declared, DocSelector, Target
from bot.domain.policy.names import validate_name
from bot.domain.policy.selectors import map_selector
from bot.errors import Refused

_PLACEHOLDER = re.compile(r"\{(model|environment)\}")


@dataclass(frozen=True)
class Layout:
    """Bindings whose file, document and selector still hold `{model}` and `{environment}`.

    ``blocks`` likewise; ``shared_with`` names the environments that one value serves.
    """

    bindings: tuple[Binding, ...]
    blocks: tuple[Block, ...] = ()
    shared_with: tuple[str, ...] = ()

    def target(self, model: str, environment: str, declared: tuple[Declared, ...] = ()) -> Target:
        """The layout filled in. Raises Refused(INVALID_NAME) for a name that could leave its place in a path.

        The environment that others inherit from has nobody to inherit from itself.
        """
        names = {"model": validate_name("model", model), "environment": environment}
        bindings = (_filled(binding, names) for binding in self.bindings)
        return Target(
            model,
            environment,
            tuple(replace(one, absent="refuse") if one.inherits == environment else one for one in bindings),
            tuple(_filled_block(block, names) for block in self.blocks),
            tuple(name for name in dict.fromkeys(self.shared_with) if name != environment),
            declared,
        )

    def reaches(self, files: Container[str], model: str, environment: str) -> bool:
        """Whether one of the files would be bound for the two."""
        fill = _filler({"model": model, "environment": environment})
        return any(fill(binding.file) in files for binding in self.bindings)

    def files(self, environment: str) -> tuple[str, ...]:
        """The files' patterns with the environment filled in, each once."""
        return tuple(dict.fromkeys(b.file.replace("{environment}", environment) for b in self.bindings))

    def match(self, path: str, environments: Iterable[str]) -> tuple[str, str] | None:
        """The model and environment whose target has this path among its files."""
        hits = (_matched(b.file, path, environment) for environment in environments for b in self.bindings)
        return next((hit for hit in hits if hit), None)


def _filled(binding: Binding, names: dict[str, str]) -> Binding:
    fill = _filler(names)
    fill_at = fill_expression if binding.format == "regex" else map_selector
    return replace(binding, file=fill(binding.file), doc=_doc(binding.doc, fill), at=fill_at(binding.at, fill))


def _filled_block(block: Block, names: dict[str, str]) -> Block:
    fill = _filler(names)
    return replace(block, file=fill(block.file), doc=_doc(block.doc, fill), scope=map_selector(block.scope, fill))


def _filler(names: dict[str, str]) -> Callable[[str], str]:
    return lambda text: _PLACEHOLDER.sub(lambda hit: names[hit[1]], text)


def _doc(doc: DocSelector | None, fill: Callable[[str], str]) -> DocSelector | None:
    if doc is None:
        return None
    return DocSelector(None if doc.kind is None else fill(doc.kind), None if doc.name is None else fill(doc.name))


def _matched(pattern: str, path: str, environment: str) -> tuple[str, str] | None:
    hit = pattern_of(pattern, environment).fullmatch(path)
    if hit is None or not hit.re.groups:
        return None
    try:
        return validate_name("model", hit["model"]), environment
    except Refused:
        return None


@lru_cache(maxsize=1024)
def pattern_of(pattern: str, environment: str) -> re.Pattern[str]:
    """The expression of a path (or other text with parts between slashes) in the environment, `{model}` left open."""
    parts = re.split(r"(\{model\})", pattern.replace("{environment}", environment))
    seen = False
    source = []
    for part in parts:
        if part != "{model}":
            source.append(re.escape(part))
            continue
        source.append("(?P=model)" if seen else "(?P<model>[^/]{1,100})")
        seen = True
    return re.compile("".join(source))
