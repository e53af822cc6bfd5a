"""The HTTP gate: what is told, what is believed of an answer, and what comes of it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import DatasetInput
from bot.domain.gates import GateState
from bot.domain.gating import Answer
from bot.domain.gating.http_answer import read_answer
from bot.domain.gating.http_body import body_of
from bot.domain.policy import HttpGate
from tests.domain.facts import INTENT
from tests.domain.gating.given import F, P, S, U, facts, holds, judged, version

GATE = HttpGate("fairness", "https://gates.example/fairness", 10.0, "block", "merge")


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (Answer("pass", "gap 0.01", "at most 0.05"), P, "gap 0.01"),
        (Answer("fail", "gap 0.2"), F, "gap 0.2"),
        (Answer("unknown", "no answer within 10 s"), U, "no answer within 10 s"),
        (Answer("skipped", "no people in the data"), S, "no people"),
        (Answer("fail", "x\n" * 400, "y" * 400), F, "x x"),
        (None, U, "nobody was asked"),
    ],
    ids=["pass", "fail", "unknown", "skipped", "long", "not asked"],
)
def test_http(answer: Answer | None, state: GateState, words: str) -> None:
    holds(
        GATE, facts(version(), answers={"fairness": answer} if answer else {"other": Answer("pass", "")}), state, words
    )


def test_it_leads_to_more() -> None:
    told = facts(answers={"fairness": Answer("fail", "", url="https://gates.example/report/7")})
    assert judged(GATE, told).url == "https://gates.example/report/7"


OK = {"state": "pass", "observed": "gap 0.01", "required": "at most 0.05", "url": "https://x.example/1"}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (OK, Answer("pass", "gap 0.01", "at most 0.05", "https://x.example/1")),
        ({"state": "fail"}, Answer("fail", "")),
        ({"state": "fail", "observed": None, "more": [1]}, Answer("fail", "")),
        ({**OK, "observed": "<!channel>\n\x00\u202etxt"}, Answer("pass", "<!channel> txt", OK["required"], OK["url"])),
        ({**OK, "url": "javascript:alert(1)"}, Answer("pass", "gap 0.01", "at most 0.05")),
        ({**OK, "url": "https://x.example/a b"}, Answer("pass", "gap 0.01", "at most 0.05")),
    ],
    ids=["whole", "state alone", "more than it needs", "cleaned", "no script", "no address"],
)
def test_answers_that_count(body: dict[str, Any], answer: Answer) -> None:
    assert read_answer(json.dumps(body).encode()) == answer


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no JSON"),
        (b"<html>", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[" * 60_000, "no JSON"),
        (b"[]", "no state"),
        (b"{}", "no state"),
        (b'"pass"', "no state"),
        (b'{"state":"PASS"}', "no state"),
        (b'{"state":true}', "no state"),
        (b'{"state":["pass"]}', "no state"),
        (b'{"state":"pass","observed":1}', "observed that is no text"),
        (b'{"state":"pass","url":{}}', "url that is no text"),
    ],
)
def test_answers_that_do_not(body: bytes, why: str) -> None:
    found = read_answer(body)
    assert (found.state, why in found.observed) == ("unknown", True)


@given(st.binary(max_size=200))
def test_any_body_is_an_answer(body: bytes) -> None:
    assert read_answer(body).state in ("pass", "fail", "unknown", "skipped")


def test_what_is_told() -> None:
    data = (DatasetInput("sales", "", "training"),)
    metrics = {"auc": 0.9, "nan": math.nan, "up": math.inf, "down": -math.inf}
    one = version(metrics=metrics, tags={"a": "é\ud800"}, aliases=("b", "a"), datasets=data, git_commit="c")
    said = json.loads(body_of("fairness", INTENT, one, None, change="01J", head="head0"))
    assert said == {
        "v": 1,
        "gate": "fairness",
        "model": "fraud",
        "environment": "production",
        "from": "3",
        "to": "4",
        "action": "promote",
        "change": "01J",
        "digest": INTENT.digest,
        "head": "head0",
        "candidate": {
            "version": "42",
            "metrics": {"auc": 0.9, "nan": "NaN", "up": "Infinity", "down": "-Infinity"},
            "tags": {"a": "é\ud800"},
            "params": {},
            "aliases": ["a", "b"],
            "datasets": [{"name": "sales", "digest": None, "context": "training"}],
            "git_commit": "c",
            "artifact_digest": None,
        },
        "deployed": None,
    }


def test_before_there_is_a_pull_request() -> None:
    said = json.loads(body_of("fairness", INTENT, None, version()))
    assert (said["change"], said["head"], said["candidate"]) == (None, None, None)
    assert said["deployed"]["version"] == "42"


def test_the_same_facts_give_the_same_bytes() -> None:
    one, other = version(tags={"a": "1", "b": "2"}), version(tags={"b": "2", "a": "1"})
    assert body_of("g", INTENT, one, None) == body_of("g", INTENT, other, None)


def test_what_it_does_not_say_is_said_for_it() -> None:
    """Cards and statuses say both; nothing may stand where a reason should."""
    found = judged(GATE, facts(version(), answers={"fairness": Answer("fail", "")}))
    assert (found.observed, found.required) == ("it says fail, and no more", "a pass from gates.example")
    assert judged(GATE, facts(version())).required == "a pass from gates.example"
