"""Bytes in, test cases out, or all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.domain.policy.explain import explain
from bot.domain.policy.faults import Fault
from bot.domain.policy.load import Loaded, dotted, load
from bot.domain.policy_case import Case, CaseFile, Expect, Given

FOLDER = ".slackops/tests"
_NEEDED = ("model", "version", "environment")
_FILE = re.compile(r"\.slackops/tests/[^/]+\.ya?ml")


@dataclass(frozen=True)
class PolicyCase:
    """One test of a policy, with everything that its file says for it. ``line`` counts from 1."""

    file: str
    line: int
    name: str
    given: Given
    expect: Expect
    people: Mapping[str, str] = field(default_factory=dict, hash=False)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


def is_case_file(path: str) -> bool:
    """Whether a path of the deployment repo holds tests of the policy."""
    return _FILE.fullmatch(path) is not None


def parse_cases(files: Mapping[str, bytes]) -> tuple[tuple[PolicyCase, ...], tuple[Fault, ...]]:
    """The cases of all files in the order of their names, and every fault that could be found."""
    cases: list[PolicyCase] = []
    faults: list[Fault] = []
    for name in sorted(files):
        loaded = load({name: files[name]})
        faults += loaded.faults
        try:
            file = CaseFile.model_validate(loaded.data)
        except ValidationError as error:
            faults += explain(error, loaded, CaseFile)
            continue
        faults += _odd(file, loaded)
        cases += _cases(name, file, loaded)
    return tuple(cases), tuple(sorted(set(faults)))


def _cases(name: str, file: CaseFile, loaded: Loaded) -> Iterator[PolicyCase]:
    for place, case in enumerate(file.cases):
        line = loaded.place(("cases", place))[1]
        given = merged(file.given, case)
        yield PolicyCase(name, line, case.name, given, case.expect, file.people, file.groups)


def merged(shared: Given, case: Case) -> Given:
    """What the case says, over what its file says for all."""
    own = {name: getattr(case.given, name) for name in case.given.model_fields_set}
    return shared.model_copy(update=own)


def _odd(file: CaseFile, loaded: Loaded) -> Iterator[Fault]:
    """What no single key can show: names that come twice, facts that nobody gives, cases that expect nothing."""
    seen: set[str] = set()
    for place, case in enumerate(file.cases):
        key = ("cases", place)
        if case.name in seen:
            yield _fault(loaded, (*key, "name"), "another case of this file has this name")
        seen.add(case.name)
        given = merged(file.given, case)
        for needed in _NEEDED:
            if getattr(given, needed) is None:
                yield _fault(loaded, (*key, "given", needed), "is missing, here and in the file's own given")
        if not case.expect.model_fields_set:
            yield _fault(loaded, (*key, "expect"), "expects nothing; say decision, merge or another")
    if not file.cases:
        yield _fault(loaded, ("cases",), "has no case")


def _fault(loaded: Loaded, key: tuple[str | int, ...], message: str) -> Fault:
    return Fault(*loaded.place(key), dotted(key), message)
