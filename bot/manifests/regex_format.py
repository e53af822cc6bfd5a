"""Any text, edited byte for byte where a regular expression finds the value: for files of no other format.

The expression runs in RE2, in linear time; a large file under a large expression is refused, for that is slow too.
"""

from __future__ import annotations

from itertools import islice

from bot.domain.change import Scalar
from bot.domain.policy.expressions import GROUP, Expression, parse_expression
from bot.domain.policy.model import Binding
from bot.manifests.plain_text import PlainText, Spot
from bot.manifests.refusals import Absent, short, unreadable

# Steps that RE2 may take: the size of its program times the length of the text. About two seconds.
MAX_WORK = 500_000_000


class RegexFile(PlainText):
    """One file, searched for each binding."""

    max_bytes = 4 * 1024 * 1024

    def parse(self) -> None:
        """Nothing: any UTF-8 text will do."""

    def at(self, binding: Binding) -> str:
        """The expression as it is."""
        return binding.at

    def spot(self, binding: Binding) -> Spot:
        """The group `value` of the only match."""
        start, end = self._only(self._expression(binding), binding.at)
        if start < 0:
            raise unreadable(self.file, f"{short(binding.at)} matches, but its group value does not")
        return Spot(start, end, Scalar("str", self.text[start:end]))

    def source(self, _spot: Spot, text: str) -> tuple[str, str]:
        """The text itself; that it is found again is proven afterwards."""
        return text, "str"

    def rest(self, _bindings: tuple[Binding, ...]) -> object:
        """Nothing is known of the rest but its bytes, and they are not touched."""
        return None

    def _expression(self, binding: Binding) -> Expression:
        try:
            expression = parse_expression(binding.at)
        except ValueError as error:
            raise unreadable(self.file, f"{short(binding.at)}: {error}") from None
        if expression.programsize * len(self.text) > MAX_WORK:
            raise unreadable(self.file, f"the file is too large for an expression like {short(binding.at)}")
        return expression

    def _only(self, expression: Expression, at: str) -> tuple[int, int]:
        """Where the group is in the only match."""
        group = expression.groupindex[GROUP]
        hits = [hit.span(group) for hit in islice(expression.finditer(self.text), 2)]
        if not hits:
            raise Absent(self.file, f"{short(at)} matches nothing, expected 1 match")
        if len(hits) > 1:
            lines = " and ".join(str(self.line(max(start, 0))) for start, _ in hits)
            raise unreadable(self.file, f"{short(at)} matches more than once (lines {lines}), expected 1 match")
        return hits[0]
