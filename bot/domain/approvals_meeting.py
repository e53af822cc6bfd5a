"""Whether approvals meet the rules about them, and what is still missing where they do not.

One approval stands in one group of a rule only: where all of two groups must approve, somebody who is in both does not
do for both. That is a matching of people to places (https://en.wikipedia.org/wiki/Bipartite_graph), so the order in
which people approve never matters, and one approval more never makes it worse. Different rules, and the plain count,
are met each by itself: one approval may serve all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.people import Person
from bot.domain.policy.approval_rules import Group, Rule, alternatives, least

SHOWN = 5
_SLACK_USER = re.compile(r"slack:(?:[A-Z0-9]+/)?[UW][A-Z0-9]{2,30}")
"""Somebody whom the policy names, and who has linked no account yet: no group, so there is nobody to count in it."""


@dataclass(frozen=True)
class Members:
    """Who is in a group now; ``logins`` in lower case."""

    people: frozenset[Person] = frozenset()
    logins: frozenset[str] = frozenset()

    def include(self, person: Person | None, login: str) -> bool:
        """Is this person, by Slack user or by account, in it?"""
        return (person is not None and person in self.people) or login in self.logins


@dataclass(frozen=True)
class Approver:
    """Whose approval counts; ``login`` in lower case, empty where there is no account."""

    person: Person | None
    login: str


@dataclass(frozen=True)
class Need:
    """So many approvals more, of people in one of the groups ``refs``; none: anyone who may write. ``could`` are the
    accounts that could still give one, ``others`` counts the Slack users that could."""

    count: int
    refs: tuple[str, ...] = ()
    could: tuple[str, ...] = ()
    others: int = 0
    names: tuple[str, ...] = ()
    """The groups as people know them: `@ben` for somebody whom the policy names by a Slack user id."""

    @property
    def hopeless(self) -> bool:
        """There are not enough people in the groups to give it; an account and a Slack user may be one human."""
        return bool(self.refs) and len(self.could) + self.others < self.count

    @property
    def words(self) -> str:
        """The same in words."""
        if not self.refs:
            return f"{self.count} more of anyone who may write"
        whom = f"{self.count} more of {' or '.join(self.names or self.refs)}"
        if not self.could and not self.others:
            return f"{whom}, where nobody is left who could"
        if self.names and not any(map(_is_group, self.names)) and not self.hopeless:
            return whom
        shown = [*self.could[:SHOWN], *([f"{self.others} in Slack"] if self.others else [])]
        left = len(self.could) - SHOWN
        more = f" and {left} more" if left > 0 else ""
        few = "; these are too few" if self.hopeless else ""
        return f"{whom} ({', '.join(shown)}{more}{few})"


def _is_group(name: str) -> bool:
    return not (name.startswith("@") or _SLACK_USER.fullmatch(name))


@dataclass(frozen=True)
class Asked:
    """What the policy asks for: so many on the list, and each of the rules. ``everybody``: the list is who may write.
    ``members``: who is in each group that is named; ``barred``: who may not approve this change."""

    required: int
    refs: tuple[str, ...]
    everybody: bool
    rules: tuple[Rule, ...]
    members: Mapping[str, Members]
    barred: Callable[[Person | None, str], bool]
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call those whom the policy names one by one."""

    @property
    def total(self) -> int:
        """The fewest approvals that can be enough."""
        return max([self.required, *(least(rule) for rule in self.rules)])


def missing(asked: Asked, given: Sequence[Approver], listed: int) -> tuple[Need, ...]:
    """What is still wanted after these approvals, ``listed`` of which are of the list; nothing when it is met."""
    needs: list[Need] = []
    if listed < asked.required:
        refs = () if asked.everybody else asked.refs
        needs.append(_need(asked, Group(refs), asked.required - listed, given))
    for rule in asked.rules:
        needs += _of_rule(asked, rule, given)
    return tuple(dict.fromkeys(needs))


def left(asked: Asked, given: Sequence[Approver], listed: int) -> int:
    """The fewest approvals that can still make it complete: one may serve several rules."""
    trees = (sum(need.count for need in _of_rule(asked, rule, given)) for rule in asked.rules)
    return max([asked.required - listed, 0, *trees])


def _of_rule(asked: Asked, rule: Rule, given: Sequence[Approver]) -> list[Need]:
    """What is missing on the way that is nearest: the fewest approvals, and rather of groups that have people."""
    found = [
        [_need(asked, group, count, given) for group, count in _unmet(asked, way, given)] for way in alternatives(rule)
    ]
    return min(found, key=lambda needs: (sum(need.count for need in needs), sum(need.hopeless for need in needs)))


def _unmet(asked: Asked, way: Sequence[Group], given: Sequence[Approver]) -> list[tuple[Group, int]]:
    places = [group for group in way for _ in range(group.at_least)]
    fits = [[number for number, one in enumerate(given) if _in(asked, group, one)] for group in places]
    taken = _matched(fits)
    empty = [group for place, group in enumerate(places) if place not in taken]
    return [(group, empty.count(group)) for group in dict.fromkeys(empty)]


def _matched(fits: Sequence[Sequence[int]]) -> frozenset[int]:
    """The places that can be filled at once, by augmenting paths; ``fits`` says who fits each of them."""
    holds: dict[int, int] = {}

    def placed(place: int, tried: set[int]) -> bool:
        for one in fits[place]:
            if one in tried:
                continue
            tried.add(one)
            if one not in holds or placed(holds[one], tried):
                holds[one] = place
                return True
        return False

    for place in range(len(fits)):
        placed(place, set())
    return frozenset(holds.values())


def _in(asked: Asked, group: Group, one: Approver) -> bool:
    return any(asked.members.get(ref, Members()).include(one.person, one.login) for ref in group.refs)


def _need(asked: Asked, group: Group, count: int, given: Iterable[Approver]) -> Need:
    known = [asked.members.get(ref, Members()) for ref in group.refs]
    logins = {login for one in known for login in one.logins} - {one.login for one in given}
    people = {person for one in known for person in one.people} - {one.person for one in given}
    could = sorted(login for login in logins if not asked.barred(None, login))
    names = tuple(asked.names.get(ref, ref) for ref in group.refs)
    return Need(count, group.refs, tuple(could), sum(not asked.barred(person, "") for person in people), names)
