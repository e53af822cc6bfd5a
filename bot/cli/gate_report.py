"""What `slackops gate` tells: a table, JSON, a JUnit report."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Any

from bot.cli.tables import printable, table
from bot.domain.gates import GateResult, GateState
from bot.errors import Refused
from bot.usecases.gating_cli import Gated

NOTHING = "No version moved."


def lines(found: Sequence[Gated]) -> Iterator[str]:
    """For people: a table of each target's gates, and what comes of it."""
    if not found:
        yield NOTHING
    for number, one in enumerate(found):
        yield from ([""] if number else [])
        yield printable(_title(one))
        if one.gates:
            rows = [(g.name, _state(g), g.observed, g.required) for g in one.gates]
            yield from table([("GATE", "STATE", "OBSERVED", "REQUIRED"), *rows])
        yield _verdict(one)


def _title(one: Gated) -> str:
    before = f" (deployed: {one.deployed})" if one.deployed else " (nothing deployed before)"
    return f"{one.model} {one.version}, {one.environment}{before}"


def _state(gate: GateResult) -> str:
    troubled = gate.state in (GateState.FAIL, GateState.UNKNOWN)
    return f"{gate.state.value} (warns)" if troubled and not gate.holds_up else gate.state.value


def _verdict(one: Gated) -> str:
    if not one.gates:
        return "Passed: no gates are set here."
    stuck = [gate.name for gate in one.gates if gate.holds_up]
    return printable(f"Not passed: {', '.join(stuck)}." if stuck else "Passed.")


def as_json(found: Sequence[Gated], *, many: bool) -> dict[str, Any]:
    """The shape that scripts rely on: one target's, or those of all that moved under ``targets``."""
    if many:
        return {"passed": all(one.passed for one in found), "targets": [_target(one) for one in found]}
    return _target(found[0])


def _target(one: Gated) -> dict[str, Any]:
    return {
        "passed": one.passed,
        "model": one.model,
        "version": one.version,
        "environment": one.environment,
        "deployed": one.deployed,
        "gates": [_gate(gate) for gate in one.gates],
    }


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "name": gate.name,
        "state": gate.state.value,
        "observed": gate.observed,
        "required": gate.required,
        "blocks": gate.blocks,
        "url": gate.url,
    }


def refusal_json(why: Refused) -> dict[str, Any]:
    """Refused before a gate was judged."""
    return {
        "passed": False,
        "reason": why.reason.value,
        "message": why.message,
        "unblock": why.unblock,
        "gates": [],
    }


def junit(found: Sequence[Gated]) -> bytes:
    """The results in JUnit's XML, one suite a target (https://github.com/testmoapp/junitxml)."""
    root = ET.Element("testsuites", name="slackops gate")
    for one in found:
        stuck = sum(gate.holds_up for gate in one.gates)
        skipped = sum(gate.state is GateState.SKIPPED for gate in one.gates)
        counts = {"tests": len(one.gates), "failures": stuck, "skipped": skipped}
        suite = ET.SubElement(root, "testsuite", name=printable(_title(one)))
        suite.attrib.update({name: str(count) for name, count in counts.items()})
        for gate in one.gates:
            _case(suite, one, gate)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _case(suite: ET.Element, one: Gated, gate: GateResult) -> None:
    where = printable(f"{one.model}.{one.environment}")
    case = ET.SubElement(suite, "testcase", classname=where, name=printable(gate.name))
    text = printable(f"{gate.state.value}: {gate.observed}; needs {gate.required}")
    if gate.holds_up:
        ET.SubElement(case, "failure", message=text).text = text
    elif gate.state is GateState.SKIPPED:
        ET.SubElement(case, "skipped", message=printable(gate.observed))
    elif gate.state is not GateState.PASS:
        ET.SubElement(case, "system-out").text = f"{text} (does not block)"
