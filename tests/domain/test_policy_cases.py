"""Files of policy tests: read whole, or every fault named by its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Fault
from bot.domain.policy_case import Case, CaseFile, Expect, Given
from bot.domain.policy_case_files import is_case_file, merged, parse_cases


def faults(text: str) -> list[str]:
    found = parse_cases({".slackops/tests/x.yaml": text.encode()})[1]
    assert all(isinstance(one, Fault) for one in found)
    return [str(one) for one in found]


WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "unknown key": (
        "cases:\n- name: a\n  given: {model: m, version: 1, environment: p, reveiws: []}\n  expect: {merge: yes}",
        ("x.yaml:3", "cases[0].given.reveiws", "did you mean reviews?"),
    ),
    "unknown key of expect": ("cases:\n- name: a\n  given: {}\n  expect: {merges: yes}", (":4", "did you mean merge?")),
    "a word of another language": (
        "given: {model: m, version: 1, environment: p}\ncases: [{name: a, expect: {merge: maybe}}]",
        ("merge", "yes", "waits"),
    ),
    "a reason that there is not": ("cases: [{name: a, expect: {reason: version_bannd}}]", ("reason codes",)),
    "nothing expected": (
        "given: {model: m, version: 1, environment: p}\ncases: [{name: a, expect: {}}]",
        ("expects nothing",),
    ),
    "nothing given": ("cases: [{name: a, expect: {merge: no}}]", ("given.model", "given.version", "given.environment")),
    "a version that is a number": (
        "cases: [{name: a, given: {version: 1.10}, expect: {merge: no}}]",
        ("put it in quotes",),
    ),
    "the same name twice": (
        "given: {model: m, version: 1, environment: p}\ncases:\n" + 2 * "- {name: a, expect: {merge: no}}\n",
        (":4", "another case"),
    ),
    "no case": ("cases: []", ("has no case",)),
    "no cases": ("given: {}", ("cases", "is missing")),
    "a day alone": ("cases: [{name: a, given: {now: 2026-12-24}, expect: {merge: no}}]", ("a moment such as",)),
    "no YAML": ("cases: [", ("x.yaml:",)),
    "not a mapping": ("- 1", ("expected a mapping",)),
    "a person of the wrong shape": ("people: {ana: ana}\ncases: []", ("people.ana", "a Slack user's id")),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_names_the_place(text: str, words: tuple[str, ...]) -> None:
    told = "\n".join(faults(text))
    assert [word for word in words if word not in told] == [], told


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".slackops/tests/a.yaml", True),
        (".slackops/tests/a.yml", True),
        (".slackops/tests/deep/a.yaml", False),
        (".slackops/a.yaml", False),
        ("tests/a.yaml", False),
    ],
)
def test_which_files_hold_tests(path: str, is_one: bool) -> None:
    assert is_case_file(path) is is_one


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_cases_or_faults(data: bytes) -> None:
    cases, found = parse_cases({".slackops/tests/x.yaml": data})
    assert found or cases


def test_a_case_says_more_than_its_file() -> None:
    case = Case(name="a", given=Given(version="2"), expect=Expect(merge="yes"))
    file = CaseFile(given=Given(model="m", version="1", held=True), cases=(case,))
    both = merged(file.given, case)
    assert (both.model, both.version, both.held) == ("m", "2", True)
