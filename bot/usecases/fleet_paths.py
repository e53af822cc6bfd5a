"""Which models the paths of a repo declare by the layouts: one expression for each pattern and environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.domain.policy import Policy
from bot.domain.policy.names import validate_name
from bot.errors import Refused

_MODEL: Final = "{model}"


@dataclass(frozen=True)
class _Pattern:
    start: str
    end: str
    whole: re.Pattern[str]


class LayoutPaths:
    """The layouts of one policy. Agrees with `Policy.match_layout`, path for path, and is meant for all of them."""

    def __init__(self, policy: Policy) -> None:
        stages = [stage.name for stage in policy.environments]
        every = ((one.within(stage), stage) for one in policy.layouts for stage in stages)
        layouts = [(layout, stage) for layout, stage in every if layout is not None]
        bound = dict.fromkeys(file for layout, stage in layouts for file in layout.files(stage))
        blocks = [block.file.replace("{environment}", stage) for layout, stage in layouts for block in layout.blocks]
        self._bound = [_pattern(file) for file in bound if _MODEL in file]
        self._all = self._bound + [_pattern(file) for file in dict.fromkeys(blocks) if _MODEL in file]
        self._starts, self._ends = tuple({one.start for one in self._all}), tuple({one.end for one in self._all})
        self.common = frozenset(file for file in (*bound, *blocks) if _MODEL not in file)
        """Paths that every model's target may have among its files."""

    def model(self, path: str) -> str | None:
        """The model that the path declares by the first layout that fits."""
        return next(self._fits(path, self._bound), None)

    def models(self, path: str) -> frozenset[str]:
        """All models whose targets may have this path among their files."""
        return frozenset(self._fits(path, self._all))

    def _fits(self, path: str, patterns: list[_Pattern]) -> Iterator[str]:
        if not (path.endswith(self._ends) and path.startswith(self._starts)):
            return
        for one in patterns:
            if path.startswith(one.start) and path.endswith(one.end):
                hit = one.whole.fullmatch(path)
                if hit is not None and _is_name(hit["model"]):
                    yield hit["model"]


def _pattern(file: str) -> _Pattern:
    parts = file.split(_MODEL)
    first, *rest = (re.escape(part) for part in parts)
    source = f"{first}(?P<model>[^/]{{1,100}}){'(?P=model)'.join(rest)}"
    return _Pattern(parts[0], parts[-1], re.compile(source))


@lru_cache(maxsize=16384)
def _is_name(text: str) -> bool:
    try:
        validate_name("model", text)
    except Refused:
        return False
    return True
