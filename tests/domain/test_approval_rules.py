"""Rules about approvals: how they are written, what they mean, what is still missing, as tables and as laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import ApprovalRule, Askers, Members, SeenReview, tally
from bot.domain.facts import Verdict
from bot.domain.people import Person
from bot.domain.policy import parse_policy
from bot.domain.policy.approval_rules import (
    MAX_WAYS,
    Group,
    Rule,
    Some,
    all_of,
    alternatives,
    any_of,
    least,
    most,
    ways,
    with_owners,
    words,
)
from bot.domain.policy.faults import PolicyInvalid

LEADS, OWNERS, SRE = (Group((f"github:acme/{name}",)) for name in ("leads", "owners", "sre"))
MEMBERS = {
    "github:acme/leads": Members(logins=frozenset({"ben", "kim"})),
    "github:acme/owners": Members(logins=frozenset({"ben", "olga"})),
    "github:acme/sre": Members(logins=frozenset({"sam", "kim"})),
    "github:acme/empty": Members(),
}
EMPTY = Group(("github:acme/empty",))
NOBODY = Askers((), ("ana",))


def person(login: str) -> Person:
    return Person(team="T1", user=f"U0{login.upper()}")


def approval(login: str) -> SeenReview:
    return SeenReview(login, person(login), Verdict.APPROVED, same_change=True, may_write=True)


def judged(rules: tuple[Rule, ...], *logins: str, required: int = 0):
    refs = tuple(MEMBERS)
    listed = frozenset(login for one in MEMBERS.values() for login in one.logins)
    rule = ApprovalRule(required, logins=listed, refs=refs, rules=rules, members=MEMBERS, listed=MEMBERS)
    return tally([approval(login) for login in logins], rule, NOBODY)


BOTH = all_of(LEADS, OWNERS)


@pytest.mark.parametrize(
    ("rule", "logins", "complete", "approvals"),
    [
        (LEADS, (), False, "0 of 1"),
        (LEADS, ("ben",), True, "1 of 1"),
        (LEADS, ("olga",), False, "0 of 1"),
        (replace(LEADS, at_least=2), ("ben",), False, "1 of 2"),
        (replace(LEADS, at_least=2), ("ben", "ben"), False, "1 of 2"),
        (replace(LEADS, at_least=2), ("ben", "kim"), True, "2 of 2"),
        (BOTH, ("ben",), False, "1 of 2"),
        (BOTH, ("ben", "kim"), True, "2 of 2"),
        (BOTH, ("ben", "olga"), True, "2 of 2"),
        (BOTH, ("ben", "sam"), False, "1 of 2"),
        (any_of(LEADS, OWNERS), ("olga",), True, "1 of 1"),
        (any_of(LEADS, EMPTY), ("kim",), True, "1 of 1"),
        (Some((LEADS, OWNERS, SRE), 2), ("kim",), False, "1 of 2"),
        (Some((LEADS, OWNERS, SRE), 2), ("kim", "sam"), True, "2 of 2"),
        (Some((LEADS, OWNERS, SRE), 3), ("kim", "sam"), False, "2 of 3"),
        (all_of(LEADS, LEADS), ("ben",), False, "1 of 2"),
        (all_of(any_of(LEADS, SRE), any_of(OWNERS, SRE)), ("kim", "ben"), True, "2 of 2"),
        (EMPTY, ("ben", "kim", "olga", "sam"), False, "0 of 1"),
        (all_of(LEADS, EMPTY), ("ben", "kim"), False, "1 of 2"),
    ],
)
def test_who_is_enough(rule, logins, complete, approvals):
    found = judged((rule,), *logins)
    assert (found.complete, f"{min(found.approvals, found.required)} of {found.required}") == (complete, approvals)


@pytest.mark.parametrize(
    ("rule", "logins", "said"),
    [
        (LEADS, (), "1 more of github:acme/leads (ben, kim)"),
        (BOTH, ("ben",), "1 more of github:acme/"),
        (BOTH, ("kim",), "1 more of github:acme/owners (ben, olga)"),
        (EMPTY, (), "1 more of github:acme/empty, where nobody is left who could"),
        (replace(LEADS, at_least=3), ("ben",), "2 more of github:acme/leads (kim; these are too few)"),
        (any_of(EMPTY, LEADS), (), "1 more of github:acme/leads (ben, kim)"),
        (Group((*LEADS.refs, *SRE.refs)), (), "1 more of github:acme/leads or github:acme/sre (ben, kim, sam)"),
    ],
)
def test_it_says_who_is_missing_and_who_could(rule, logins, said):
    assert said in judged((rule,), *logins).words


def test_the_requester_is_not_among_those_who_could():
    members = {"g": Members(logins=frozenset({"ana", "ben"}))}
    rule = ApprovalRule(1, logins=frozenset({"ana", "ben"}), refs=("g",), listed=members)
    assert tally([], rule, NOBODY).words == "1 more of g (ben)"


def test_one_approval_serves_the_count_and_the_rule():
    assert judged((LEADS,), "ben", "sam", required=2).complete
    assert not judged((LEADS,), "sam", "olga", required=2).complete


def test_rules_are_met_each_by_itself():
    assert judged((LEADS, OWNERS), "ben").complete


def test_owners_are_those_of_the_model():
    assert with_owners(all_of(Group(("owners",)), LEADS), ("slack:@fraud",)) == all_of(Group(("slack:@fraud",)), LEADS)
    assert words(with_owners(Group(("owners",)), ())) == "1 of the owners (the policy names none)"


groups = st.builds(Group, st.sampled_from([LEADS.refs, OWNERS.refs, SRE.refs, EMPTY.refs]), st.integers(1, 2))


def grown(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda of: st.integers(1, len(of)).map(lambda n: Some(tuple(of), n))
    )


trees = st.recursive(groups, grown, max_leaves=5)
people = st.lists(st.sampled_from(["ben", "kim", "olga", "sam"]), unique=True)


@given(trees, people, st.sampled_from(["ben", "kim", "olga", "sam"]))
def test_one_approval_more_never_makes_it_worse(rule, logins, more):
    before, after = judged((rule,), *logins), judged((rule,), *logins, more)
    assert after.approvals >= before.approvals or after.complete
    assert after.complete >= before.complete


@given(trees, st.permutations(["ben", "kim", "olga", "sam"]), st.integers(0, 4))
def test_the_order_never_matters(rule, logins, count):
    given_ = logins[:count]
    assert judged((rule,), *given_).complete == judged((rule,), *sorted(given_)).complete


@given(trees, people)
def test_it_is_met_exactly_when_distinct_people_fill_one_of_its_ways(rule, logins):
    assert judged((rule,), *logins).complete == any(fills(way, frozenset(logins)) for way in alternatives(rule))


def fills(way: tuple[Group, ...], free: frozenset[str]) -> bool:
    """The same by trying everything."""
    if not way:
        return True
    members = frozenset(login for ref in way[0].refs for login in MEMBERS[ref].logins) & free
    return any(fills(way[1:], free - set(chosen)) for chosen in combinations(sorted(members), way[0].at_least))


@given(trees)
def test_bounds_are_those_of_its_ways(rule):
    sizes = [sum(group.at_least for group in way) for way in alternatives(rule)]
    assert (len(sizes), min(sizes), max(sizes)) == (ways(rule), least(rule), most(rule))


def read(rule: str) -> tuple[Rule, ...]:
    text = f"environments: {{production: {{approvals: {{rule: {rule}}}}}}}"
    return parse_policy({".slackops.yaml": text.encode()}).environment("production").approvals.rules


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{}", ()),
        ("{from: ['github:acme/leads']}", (LEADS,)),
        ("{from: [owners], at_least: 2}", (Group(("owners",), 2),)),
        ("{all_of: [{from: ['github:acme/leads']}, {from: ['github:acme/owners']}]}", (BOTH,)),
        ("{any_of: [{from: ['github:acme/leads']}, {from: ['github:acme/sre']}]}", (any_of(LEADS, SRE),)),
        ("{at_least: 1, of: [{from: ['github:acme/leads']}]}", (Some((LEADS,), 1),)),
    ],
)
def test_how_it_is_written(written, meant):
    assert read(written) == meant


DEEP = "{any_of: [" * 9 + "{from: [owners]}" + "]}" * 9
WIDE = "{at_least: 10, of: [" + ", ".join(["{from: [owners]}"] * 20) + "]}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{from: []}", "1"),
        ("{from: [everybody]}", "expected owners, or a person or group"),
        ("{at_least: 2}", "at_least only beside from or of"),
        ("{of: [{from: [owners]}]}", "at_least beside of"),
        ("{at_least: 2, of: [{from: [owners]}]}", "at_least beside of"),
        ("{all_of: [{}]}", "a rule with one of from, of, all_of, any_of in each place"),
        ("{from: [owners], any_of: [{from: [owners]}]}", "found from and any_of"),
        ("{from: [owners], at_least: 0}", "at least 1"),
        ("{al_of: []}", "did you mean all_of"),
        (DEEP, "at most 4 levels"),
        (WIDE, f"at most {MAX_WAYS} ways"),
    ],
)
def test_what_is_no_rule(written, said):
    with pytest.raises(PolicyInvalid) as found:
        read(written)
    assert said in " ".join(str(fault) for fault in found.value.faults)
