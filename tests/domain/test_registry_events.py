"""What changed between two looks at the registry, and which rules that concerns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.people import Person
from bot.domain.policy import ProposeRule
from bot.domain.registry_events import RegistryState, changes, fires, is_for, touches
from bot.domain.rule_history import left_by_people

BEN = Person(team="T", user="U0BEN")
WORDS = st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"))
STATES = st.builds(
    RegistryState,
    st.just("m"),
    st.dictionaries(st.sampled_from(["champion", "challenger"]), st.sampled_from("123")),
    st.dictionaries(st.sampled_from(["1", "2", "3", "10"]), WORDS),
)


def state(aliases: dict[str, str] | None = None, **tags: dict[str, str]) -> RegistryState:
    return RegistryState("m", aliases or {}, {version.removeprefix("v"): one for version, one in tags.items()})


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (state(v1={}), state(v1={}), []),
        (state(v9={}), state(v9={}, v10={}), ["version 10 was registered"]),
        (state(v9={}), state(v8={}, v7={}), []),  # 9 was deleted: older ones come into sight
        (state(), state(v1={"a": "b"}), ["version 1 was registered", "tag a = b was set on 1"]),
        (state({"c": "1"}), state({"c": "2"}), ["@c was set to 2"]),
        (state({"c": "1"}), state(), ["@c was taken away"]),
        (state(v1={"a": "b"}), state(v1={"a": "c"}), ["tag a = c was set on 1"]),
        (state(v1={"a": "b"}), state(v1={}), ["tag a was taken away from 1"]),
        (state(v2={}), state(v2={}, v1={"a": "b"}), []),
    ],
    ids=range(9),
)
def test_what_changed(before: RegistryState, now: RegistryState, words: list[str]) -> None:
    assert [event.words for event in changes(before, now)] == words


@given(STATES)
def test_nothing_changes_from_a_state_to_itself(one: RegistryState) -> None:
    assert changes(one, replace(one, look=one.look + 1)) == ()


@given(STATES, STATES)
def test_aliases_are_told_exactly_where_they_differ(one: RegistryState, other: RegistryState) -> None:
    told = {event.name: event.version for event in changes(one, other) if event.kind == "alias"}
    names = one.aliases.keys() | other.aliases.keys()
    differ = {name for name in names if one.aliases.get(name) != other.aliases.get(name)}
    assert told == {name: other.aliases.get(name, "") for name in differ}


@pytest.mark.parametrize(
    ("rule", "fired"),
    [
        (ProposeRule("version", "p"), "11"),
        (ProposeRule("alias", "p", alias="c"), "9"),
        (ProposeRule("alias", "p", alias="d"), None),
        (ProposeRule("alias", "p", alias="gone"), None),
        (ProposeRule("tag", "p", tag="a"), "11"),
        (ProposeRule("tag", "p", tag="a", equals="no"), "9"),
        (ProposeRule("tag", "p", tag="a", equals="other"), None),
        (ProposeRule("tag", "p", tag="left"), None),
    ],
    ids=range(8),
)
def test_which_event_a_rule_is_about(rule: ProposeRule, fired: str | None) -> None:
    before = state({"gone": "9"}, v9={"left": "x"})
    event = fires(rule, changes(before, state({"c": "9"}, v9={"a": "no"}, v10={}, v11={"a": "yes"})))
    assert (event.version if event else None) == fired


@pytest.mark.parametrize(
    ("models", "meant"), [((), True), (("fr*",), True), (("ltv", "fraud"), True), (("l*",), False)]
)
def test_patterns(models: tuple[str, ...], meant: bool) -> None:
    assert is_for(ProposeRule("version", "p", models=models), "fraud") is meant


def test_gates_look_at_tags_of_their_versions_and_at_any_alias() -> None:
    tags = changes(state(v1={}, v2={}), state(v1={}, v2={"a": "b"}))
    assert (touches(tags, ("2", "1")), touches(tags, ("1", None))) == (True, False)
    assert touches(changes(state(), state({"c": "7"})), ("1", None))
    assert not touches(changes(state(v1={}), state(v1={}, v2={})), ("1", "2"))


def change(at: int, action: Action, frm: str, to: str, **more: object) -> Change:
    base = Change(f"{at}", Intent(action, "m", "p", frm, to, None, ()), (BEN,), None, float(at), "b", "br")
    return replace(base, **{"state": ChangeState.MERGED, "number": at, **more})  # type: ignore[arg-type]


BACK = change(2, Action.ROLLBACK, "7", "6")
CLOSED = change(3, Action.PROMOTE, "6", "7", state=ChangeState.CLOSED, closed_by=BEN)
EXPIRED = change(3, Action.PROMOTE, "6", "7", state=ChangeState.CLOSED, close_reason="nobody")
ON_FORGE = change(3, Action.PROMOTE, "6", "7", state=ChangeState.CLOSED)
NAMED, RULED = change(4, Action.PROMOTE, "6", "7"), change(4, Action.PROMOTE, "6", "7", requesters=(), rule="x")


@pytest.mark.parametrize(
    ("past", "why"),
    [
        ([], ""),
        ([BACK], "#2 took it back"),
        ([BACK, NAMED], ""),
        ([BACK, RULED], "#2 took it back"),
        ([CLOSED], "#3 for it was closed"),
        ([ON_FORGE], "#3 for it was closed"),
        ([EXPIRED], ""),
        ([CLOSED, NAMED], ""),
        ([change(2, Action.ROLLBACK, "8", "7")], ""),
        ([change(2, Action.ROLLBACK, "7", "6", state=ChangeState.CLOSED, closed_by=BEN)], ""),
    ],
    ids=range(10),
)
def test_what_people_left_is_theirs(past: list[Change], why: str) -> None:
    assert left_by_people(past, "7") == why
    assert left_by_people(reversed(past), "7") == why
