"""Layouts: one rule that says where a whole fleet of models declares its versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.policy.expressions import fill_expression
from bot.domain.policy.model import Binding, Block, Declared, DocSelector, Target
from bot.domain.policy.names import validate_name
from bot.domain.policy.regions import REGION, Region
from bot.domain.policy.selectors import map_selector
from bot.errors import Refused

_PLACEHOLDER = re.compile(r"\{(model|environment|region)\}")


@dataclass(frozen=True)
class Layout:
    """Bindings whose file, document and selector still hold `{model}`, `{environment}` and `{region}`.

    ``blocks`` likewise; ``shared_with`` names the environments that one value serves, ``regions`` are all regions of
    the policy. Beside `{region}`, `{environment}` is the name of the environment that fans out; else a region's whole
    name, such as `production-eu`.
    """

    bindings: tuple[Binding, ...]
    blocks: tuple[Block, ...] = ()
    shared_with: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

    def within(self, environment: str) -> Layout | None:
        """The layout as it is in one environment, with no `{region}` left; None where it is for regions only, and the
        environment is none."""
        if not _by_region(self):
            return self
        return _in_region(self, environment)

    def target(self, model: str, environment: str, declared: tuple[Declared, ...] = ()) -> Target:
        """The layout filled in. Raises Refused(INVALID_NAME) for a name that could leave its place in a path.

        The environment that others inherit from has nobody to inherit from itself.
        """
        names = {"model": validate_name("model", model), "environment": environment}
        here = self.within(environment) or self
        bindings = (_filled(binding, names) for binding in here.bindings)
        return Target(
            model,
            environment,
            tuple(replace(one, absent="refuse") if one.inherits == environment else one for one in bindings),
            tuple(_filled_block(block, names) for block in here.blocks),
            tuple(name for name in dict.fromkeys(self.shared_with) if name != environment),
            declared,
        )

    def reaches(self, files: Container[str], model: str, environment: str) -> bool:
        """Whether one of the files would be bound for the two."""
        fill, here = _filler({"model": model, "environment": environment}), self.within(environment)
        return here is not None and any(fill(binding.file) in files for binding in here.bindings)

    def files(self, environment: str) -> tuple[str, ...]:
        """The files' patterns with the environment filled in, each once."""
        here = self.within(environment)
        bindings = here.bindings if here else ()
        return tuple(dict.fromkeys(b.file.replace("{environment}", environment) for b in bindings))

    def match(self, path: str, environments: Iterable[str]) -> tuple[str, str] | None:
        """The model and environment whose target has this path among its files."""
        here = ((name, layout) for name in environments if (layout := self.within(name)) is not None)
        hits = (_matched(b.file, path, name) for name, layout in here for b in layout.bindings)
        return next((hit for hit in hits if hit), None)


@lru_cache(maxsize=1024)
def _by_region(layout: Layout) -> bool:
    bound = [text for b in layout.bindings for text in (b.file, b.at, b.template, str(b.doc))]
    return REGION in "\n".join([*bound, *(text for b in layout.blocks for text in (b.file, b.scope, str(b.doc)))])


@lru_cache(maxsize=1024)
def _in_region(layout: Layout, environment: str) -> Layout | None:
    region = next((one for one in layout.regions if one.name == environment), None)
    if region is None:
        return None
    names = {"environment": region.fanned, "region": region.region}
    fill = _filler(names)
    bindings = (replace(_filled(binding, names), template=fill(binding.template)) for binding in layout.bindings)
    return replace(layout, bindings=tuple(bindings), blocks=tuple(_filled_block(b, names) for b in layout.blocks))


def _filled(binding: Binding, names: dict[str, str]) -> Binding:
    fill = _filler(names)
    fill_at = fill_expression if binding.format == "regex" else map_selector
    return replace(binding, file=fill(binding.file), doc=_doc(binding.doc, fill), at=fill_at(binding.at, fill))


def _filled_block(block: Block, names: dict[str, str]) -> Block:
    fill = _filler(names)
    return replace(block, file=fill(block.file), doc=_doc(block.doc, fill), scope=map_selector(block.scope, fill))


def _filler(names: dict[str, str]) -> Callable[[str], str]:
    """Fills in what has a name here, and leaves the rest."""
    return lambda text: _PLACEHOLDER.sub(lambda hit: names.get(hit[1], hit[0]), text)


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
