"""Layouts: one rule that says where a whole fleet of models declares its versions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.policy.model import Binding, DocSelector, Target
from bot.domain.policy.names import validate_name
from bot.domain.policy.selectors import map_selector
from bot.errors import Refused

_PLACEHOLDER = re.compile(r"\{(model|environment)\}")


@dataclass(frozen=True)
class Layout:
    """Bindings whose file, document and selector still hold `{model}` and `{environment}`."""

    bindings: tuple[Binding, ...]

    def target(self, model: str, environment: str) -> Target:
        """The layout filled in. Raises Refused(INVALID_NAME) for a name that could leave its place in a path."""
        names = {"model": validate_name("model", model), "environment": environment}
        return Target(model, environment, tuple(_filled(binding, names) for binding in self.bindings))

    def files(self, environment: str) -> tuple[str, ...]:
        """The files' patterns with the environment filled in, each once."""
        return tuple(dict.fromkeys(b.file.replace("{environment}", environment) for b in self.bindings))

    def match(self, path: str, environments: Iterable[str]) -> tuple[str, str] | None:
        """The model and environment whose target has this path among its files."""
        hits = (_matched(b.file, path, environment) for environment in environments for b in self.bindings)
        return next((hit for hit in hits if hit), None)


def _filled(binding: Binding, names: dict[str, str]) -> Binding:
    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda hit: names[hit[1]], text)

    doc = binding.doc and DocSelector(
        None if binding.doc.kind is None else fill(binding.doc.kind),
        None if binding.doc.name is None else fill(binding.doc.name),
    )
    return replace(binding, file=fill(binding.file), doc=doc, at=map_selector(binding.at, fill))


def _matched(pattern: str, path: str, environment: str) -> tuple[str, str] | None:
    hit = _compiled(pattern, environment).fullmatch(path)
    if hit is None or not hit.re.groups:
        return None
    try:
        return validate_name("model", hit["model"]), environment
    except Refused:
        return None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, environment: str) -> re.Pattern[str]:
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
