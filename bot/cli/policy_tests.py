"""`slackops test PATH`: the policy's own tests, run and told."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.worktree import Worktree
from bot.cli.tables import printable
from bot.domain.policy import Fault, PolicyInvalid
from bot.domain.policy_case_files import FOLDER, PolicyCase, is_case_file, parse_cases
from bot.usecases.names import VersionNames
from bot.usecases.planning_context import SilentRegistry
from bot.usecases.policy_tests import Result, run_case
from bot.usecases.repo import Repo

FAILED, WRONG = 1, 2


def run_policy_tests(path: Path, *, as_json: bool, junit: Path | None) -> None:
    """Print one line a case, and what was expected otherwise. Exit 1 when one fails or the policy is not valid, 2 where
    the tests themselves cannot be read or there are none."""
    tree = Worktree(path)
    try:
        cases, faults = _cases(tree)
        if faults:
            _tell_faults(faults, as_json=as_json)
            sys.exit(WRONG)
        results = _run(tree, cases)
    except PolicyInvalid as why:
        _tell_faults(why.faults, as_json=as_json)
        sys.exit(FAILED)
    finally:
        tree.close()
    _tell(results, as_json=as_json)
    if junit is not None:
        junit.write_bytes(report(results))
    sys.exit(0 if all(one.passed for one in results) else FAILED)


def _cases(tree: Worktree) -> tuple[tuple[PolicyCase, ...], tuple[Fault, ...]]:
    names = [name for name in tree.folder(tree.head(), FOLDER) if is_case_file(name)]
    if not names:
        message = f"there are no tests; write them into {FOLDER}/*.yaml"
        return (), (Fault(FOLDER, 0, "", message),)
    return parse_cases(tree.read(tree.head(), names))


def _run(tree: Worktree, cases: tuple[PolicyCase, ...]) -> list[Result]:
    repo = Repo(tree, VersionNames(SilentRegistry("no registry is asked"), SystemClock()))
    policy, known = repo.policy(tree.head()), frozenset(tree.paths(tree.head()))
    return [run_case(policy, case, known.__contains__) for case in cases]


def _tell_faults(faults: tuple[Fault, ...], *, as_json: bool) -> None:
    if as_json:
        told = [{"file": f.file, "line": f.line, "key": f.key, "message": f.message} for f in faults]
        typer.echo(json.dumps({"faults": told}, indent=2))
        return
    for fault in faults:
        typer.echo(str(fault), err=True)


def _tell(results: list[Result], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"cases": [_as_json(one) for one in results]}, indent=2))
        return
    for one in results:
        for line in lines(one):
            typer.echo(line)
    failed = sum(not one.passed for one in results)
    typer.echo(
        f"{len(results)} {'case' if len(results) == 1 else 'cases'}, {failed or 'none'} failed", err=bool(failed)
    )


def lines(one: Result) -> Iterator[str]:
    """One line a case; of a failed one also the differences, and what the bot would say."""
    yield printable(f"{'ok  ' if one.passed else 'FAIL'}  {one.case.file}:{one.case.line}  {one.case.name}")
    for difference in one.differences:
        yield printable(f"      {difference.key}: expected {difference.expected}, got {difference.got}")
    if not one.passed and one.why:
        yield printable(f"      {one.why}")


def _as_json(one: Result) -> dict[str, Any]:
    return {
        "file": one.case.file,
        "line": one.case.line,
        "name": one.case.name,
        "passed": one.passed,
        "differences": [{"key": d.key, "expected": d.expected, "got": d.got} for d in one.differences],
        "message": one.why,
    }


def report(results: list[Result]) -> bytes:
    """The results in JUnit's XML, one suite a file (https://github.com/testmoapp/junitxml)."""
    root = ET.Element("testsuites", name="slackops test")
    for file in dict.fromkeys(one.case.file for one in results):
        mine = [one for one in results if one.case.file == file]
        failures = str(sum(not one.passed for one in mine))
        suite = ET.SubElement(root, "testsuite", name=file, tests=str(len(mine)), failures=failures)
        for one in mine:
            case = ET.SubElement(suite, "testcase", classname=file, name=one.case.name, line=str(one.case.line))
            if not one.passed:
                text = "\n".join(list(lines(one))[1:])
                ET.SubElement(case, "failure", message=text.strip().partition("\n")[0]).text = text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
