"""Rules about approvals as data: a tree whose leaves are groups, and what the tree means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

OWNERS = "owners"
"""Stands in a group for the owners of the model that a change is about."""
MAX_DEPTH, MAX_GROUPS, MAX_WAYS, MAX_APPROVALS = 4, 20, 100, 20


@dataclass(frozen=True)
class Group:
    """So many different people out of those that ``refs`` name (`slack:@leads`, `github:org/team`, `owners`)."""

    refs: tuple[str, ...]
    at_least: int = 1


@dataclass(frozen=True)
class Some:
    """So many of the rules in ``of``, each met by people of its own: one person stands in one of them only."""

    of: tuple[Rule, ...]
    at_least: int


Rule = Group | Some


def all_of(*rules: Rule) -> Some:
    """Every one of them."""
    return Some(rules, len(rules))


def any_of(*rules: Rule) -> Some:
    """One of them is enough."""
    return Some(rules, 1)


def ways(rule: Rule) -> int:
    """In how many ways the rule can be met: how many sets of groups there are, each of which is enough."""
    if isinstance(rule, Group):
        return 1
    counts = [ways(one) for one in rule.of]
    # The elementary symmetric polynomial, term by term: listing the ways of a hostile rule would never end.
    chosen = [1] + [0] * rule.at_least
    for count in counts:
        for size in range(rule.at_least, 0, -1):
            chosen[size] += chosen[size - 1] * count
    return chosen[rule.at_least]


def alternatives(rule: Rule) -> Iterator[tuple[Group, ...]]:
    """Each set of groups that is enough; the people of its groups must all be different."""
    if isinstance(rule, Group):
        yield (rule,)
        return
    for chosen in combinations(rule.of, rule.at_least):
        for parts in product(*(tuple(alternatives(one)) for one in chosen)):
            yield tuple(group for part in parts for group in part)


def least(rule: Rule) -> int:
    """The fewest people who can meet it."""
    return _bounds(rule)[0]


def most(rule: Rule) -> int:
    """The most people that any way of meeting it takes."""
    return _bounds(rule)[1]


def depth(rule: Rule) -> int:
    """How many levels it has; a group alone has one."""
    return 1 if isinstance(rule, Group) else 1 + max(depth(one) for one in rule.of)


def groups(rule: Rule) -> Iterator[Group]:
    """Every group of it, in the order in which they are written."""
    if isinstance(rule, Group):
        yield rule
        return
    for one in rule.of:
        yield from groups(one)


def refs_of(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Whom the rules name, each once."""
    return tuple(dict.fromkeys(ref for rule in rules for group in groups(rule) for ref in group.refs))


def with_owners(rule: Rule, owners: tuple[str, ...]) -> Rule:
    """The rule for a model: `owners` becomes those whom the policy names for it."""
    if isinstance(rule, Some):
        return replace(rule, of=tuple(with_owners(one, owners) for one in rule.of))
    named = (one for ref in rule.refs for one in (owners if ref == OWNERS else (ref,)))
    return replace(rule, refs=tuple(dict.fromkeys(named)))


def fault_of(rule: Rule) -> str:
    """Why a rule is too large to be judged at every look; empty where it is not."""
    bounds = (
        (depth(rule) > MAX_DEPTH, f"{MAX_DEPTH} levels"),
        (sum(1 for _ in groups(rule)) > MAX_GROUPS, f"{MAX_GROUPS} groups"),
        (most(rule) > MAX_APPROVALS, f"{MAX_APPROVALS} approvals"),
        (ways(rule) > MAX_WAYS, f"{MAX_WAYS} ways in which it can be met"),
    )
    return next((f"a rule with at most {limit}" for broken, limit in bounds if broken), "")


def words(rule: Rule) -> str:
    """The rule in words: `1 of github:acme/leads and 1 of slack:@fraud`."""
    if isinstance(rule, Group):
        return f"{rule.at_least} of {' or '.join(rule.refs) or 'the owners (the policy names none)'}"
    parts = [words(one) if isinstance(one, Group) else f"({words(one)})" for one in rule.of]
    if rule.at_least == len(parts):
        return " and ".join(parts)
    return " or ".join(parts) if rule.at_least == 1 else f"{rule.at_least} of: {'; '.join(parts)}"


def _bounds(rule: Rule) -> tuple[int, int]:
    if isinstance(rule, Group):
        return rule.at_least, rule.at_least
    low = sorted(_bounds(one)[0] for one in rule.of)
    high = sorted((_bounds(one)[1] for one in rule.of), reverse=True)
    return sum(low[: rule.at_least]), sum(high[: rule.at_least])
