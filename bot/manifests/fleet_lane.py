"""A layout in one environment: what its models' targets have in common, worked out once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import Target
from bot.domain.policy.selectors import Key, Match, parse_selector
from bot.errors import Refused
from bot.manifests.fleet_forms import form_of
from bot.manifests.fleet_learning import SHAPED
from bot.manifests.fleet_names import MODEL, Names, is_harmless, marked

_MODEL: Final = "{model}"


@dataclass(frozen=True)
class Ready:
    """``files`` are the bound files' paths, `{model}` left open, ``forms`` what is asked of each, ``order`` has the
    bindings, primary ones first: which file, which of its bindings, and the value template with the names hidden.

    ``literals`` is all that the layout says itself, ``filled`` the texts that a model's name is filled into.
    """

    files: tuple[str, ...]
    forms: tuple[Hashable, ...]
    order: tuple[tuple[int, int, str], ...]
    literals: str
    filled: tuple[str, ...]

    def takes(self, model: str) -> bool:
        """Whether hiding this model's name gives what hiding any other's gives."""
        return model not in self.literals and all(
            text.replace(_MODEL, model).replace(model, MODEL) == text.replace(_MODEL, MODEL) for text in self.filled
        )


@dataclass(frozen=True)
class Lane:
    """The layout's targets in one environment."""

    layout: Layout
    environment: str

    def target(self, model: str) -> Target:
        """The target of one model. Raises Refused(INVALID_NAME)."""
        return self.layout.target(model, self.environment)

    @cached_property
    def bound(self) -> tuple[str, ...]:
        """The paths of the files that say a target's version, `{model}` left open."""
        return self.layout.files(self.environment)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Those, and then the paths of all other files of a target."""
        blocks = (block.file.replace("{environment}", self.environment) for block in self.layout.blocks)
        return tuple(dict.fromkeys([*self.bound, *blocks]))

    @cached_property
    def ready(self) -> Ready | None:
        """None where its targets have to be worked out one by one."""
        texts = [text.replace("{environment}", self.environment) for text in self._texts()]
        if not is_harmless(self.environment) or marked(*texts) or not self._plain:
            return None
        literals = "\0".join(texts).replace(_MODEL, "\0")
        model = next(name for n in range(len(literals) + 1) if (name := f"m{n}") not in literals + self.environment)
        try:
            return self._ready(model, literals, tuple(text for text in texts if _MODEL in text))
        except (Refused, ValueError):
            return None

    @property
    def _plain(self) -> bool:
        ends = (binding.file.rpartition("/")[2].rpartition(".")[2] for binding in self.layout.bindings)
        return all("{" not in end for end in ends) and all(one.format in SHAPED for one in self.layout.bindings)

    def _texts(self) -> Iterator[str]:
        """What a model's name may stand in: keys, values, documents' names, and what templates say themselves."""
        for binding in self.layout.bindings:
            yield from (text for text in (binding.doc.kind, binding.doc.name) if text) if binding.doc else ()
            yield from _pieces(binding.template)
            for step in parse_selector(binding.at):
                if isinstance(step, Key):
                    yield step.name
                elif isinstance(step, Match):
                    yield from (*step.path, step.value)

    def _ready(self, model: str, literals: str, filled: tuple[str, ...]) -> Ready | None:
        names, bindings = Names(model, self.environment), self.target(model).bindings
        paths = [binding.file.replace("{environment}", self.environment) for binding in self.layout.bindings]
        files = tuple(dict.fromkeys(paths))
        groups = [tuple(b for b, path in zip(bindings, paths, strict=True) if path == file) for file in files]
        forms = [form_of(names, group[0].file, group) for group in groups]
        places = [(files.index(path), _place(paths, n)) for n, path in enumerate(paths)]
        order = sorted(zip(bindings, places, strict=True), key=lambda pair: pair[0].role != "primary")
        hidden = tuple((*place, names.hide_template(binding.template)) for binding, place in order)
        if None in forms or order[0][0].role != "primary":
            return None
        return Ready(files, tuple(forms), hidden, literals, filled)


def _place(paths: list[str], number: int) -> int:
    """Which of the bindings of its file this one is."""
    return paths[:number].count(paths[number])


def _pieces(template: str) -> Iterator[str]:
    """A template's own text: what stands between its variables."""
    for part in template.split("{"):
        yield part.rpartition("}")[2]
