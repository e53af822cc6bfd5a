"""The policy file's words for rules about approvals: `approvals.rule`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.approval_rules import OWNERS, Group, Rule, Some, fault_of
from bot.domain.policy.base import Section
from bot.domain.policy.values import PRINCIPAL, Principal, expected, matching

Member = Annotated[
    str,
    matching(rf"{OWNERS}|{PRINCIPAL}", "owners, or a person or group such as slack:@ml-team or github:acme/ml-leads"),
]
_KINDS = ("from", "of", "all_of", "any_of")


class ApprovalTree(Section):
    """One rule: a group (``from``), or rules of which all, any or so many must be met. Empty: none."""

    from_: tuple[Member, ...] | None = Field(default=None, alias="from", min_length=1)
    at_least: int | None = Field(default=None, ge=1, le=20)
    of: tuple[ApprovalTree, ...] | None = Field(default=None, min_length=1)
    all_of: tuple[ApprovalTree, ...] | None = Field(default=None, min_length=1)
    any_of: tuple[ApprovalTree, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _is_one_rule(self) -> Self:
        written = [kind for kind in _KINDS if getattr(self, "from_" if kind == "from" else kind) is not None]
        if len(written) > 1:
            raise expected(f"one of {', '.join(_KINDS)}; found {' and '.join(written)}")
        if self.at_least is not None and written not in (["from"], ["of"]):
            raise expected("at_least only beside from or of")
        if written == ["of"] and (self.at_least is None or self.at_least > len(self.of or ())):
            raise expected("at_least beside of, no higher than the number of rules there")
        if any(one.rule is None for one in self._parts):
            raise expected(f"a rule with one of {', '.join(_KINDS)} in each place")
        return self

    @property
    def _parts(self) -> tuple[ApprovalTree, ...]:
        return self.of or self.all_of or self.any_of or ()

    @property
    def rule(self) -> Rule | None:
        """What is written here; None where nothing is."""
        if self.from_ is not None:
            return Group(tuple(dict.fromkeys(self.from_)), self.at_least or 1)
        parts = tuple(rule for one in self._parts if (rule := one.rule) is not None)
        if not parts:
            return None
        return Some(parts, 1 if self.any_of else self.at_least or len(parts))


class ApprovalsRule(Section):
    """Reviews that a promotion needs."""

    required: int = Field(default=0, ge=0, le=20)
    from_: tuple[Principal, ...] = Field(default=(), alias="from")
    requester: bool = False
    reviews: Literal["own-account", "recorded-by-bot"] = "own-account"
    rule: ApprovalTree = ApprovalTree()

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        fault = fault_of(self.rule.rule) if self.rule.rule is not None else ""
        if fault:
            raise expected(fault)
        return self
