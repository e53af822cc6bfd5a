"""The change digest and the words of a change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change import Scalar
from bot.domain.commands import COMMAND, Nudge, Promote, Reconcile, Review, Rollback, Sweep
from bot.domain.commands_order import order_key
from bot.domain.wording import commit_message, markdown, subject, trailers, versions
from tests.domain.facts import ANA, CHANGE, EDIT, INTENT


def test_digest_is_the_published_one():
    body = {
        "v": 1,
        "action": "promote",
        "model": "fraud",
        "environment": "production",
        "to": "4",
        "artifact_digest": None,
        "edits": [
            {
                "file": "models/fraud/production/isvc.yaml",
                "selector": "spec.uri",
                "old": {"type": "str", "text": "s3://m/3"},
                "new": {"type": "str", "text": "s3://m/4"},
            }
        ],
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert INTENT.digest == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        replace(INTENT, to="5"),
        replace(INTENT, model="churn"),
        replace(INTENT, environment="staging"),
        replace(INTENT, artifact_digest="sha256:1"),
        replace(INTENT, edits=(replace(EDIT, old=Scalar("str", "s3://m/2")),)),
        replace(INTENT, edits=(replace(EDIT, new=Scalar("int", "s3://m/4")),)),
        replace(INTENT, edits=(replace(EDIT, selector="spec.other"),)),
        replace(INTENT, edits=()),
    ],
)
def test_digest_dies_with_any_change_of_meaning(other):
    assert other.digest != INTENT.digest


def test_digest_survives_moved_lines_and_another_order():
    second = replace(EDIT, file="a.yaml")
    one = replace(INTENT, edits=(EDIT, second))
    other = replace(INTENT, edits=(second, replace(EDIT, line=99)))
    assert one.digest == other.digest


@pytest.mark.parametrize(("frm", "to", "text"), [("41", "42", "41→42"), (None, "42", "42")])
def test_versions(frm, to, text):
    assert versions(frm, to) == text


def test_subject_and_trailers():
    assert subject(INTENT) == "Promote fraud 3 → 4 in production"
    assert subject(replace(INTENT, frm=None)) == "Promote fraud to 4 in production"
    pairs = dict(trailers(CHANGE, "run4"))
    assert pairs["SlackOps-Change"] == CHANGE.id
    assert pairs["SlackOps-Requested-By"] == "slack:T1/U0ANA"
    assert pairs["MLflow-Run"] == "run4"


@given(st.text())
def test_untrusted_reason_starts_no_trailer(reason):
    lines = commit_message(replace(CHANGE, reason=reason), None).splitlines()
    tail = lines[lines.index(f"SlackOps-Change: {CHANGE.id}") :]
    assert all(line.startswith("SlackOps-") for line in tail)
    assert sum(line.startswith("SlackOps-Action:") for line in lines) == 1


@given(st.text())
def test_untrusted_text_opens_no_html_and_mentions_nobody(text):
    safe = markdown(text)
    assert "<" not in safe
    assert "\n" not in safe
    assert not any(safe[i] == "@" and safe[i + 1 : i + 2] != "\u200b" for i in range(len(safe)))


COMMANDS = [
    Promote(by=ANA, model="fraud", version="4", environment="production"),
    Rollback(by=ANA, model="fraud", environment="production"),
    Review(by=ANA, change="01J", digest="d", verdict="approve"),
    Nudge(source="github", pulls=(1, 2), shas=("a",)),
    Reconcile(number=3),
    Sweep(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.kind)
def test_a_command_survives_the_inbox(command):
    assert COMMAND.validate_json(COMMAND.dump_json(command)) == command


def test_promotions_of_one_model_are_kept_in_order_and_never_hold_up_a_rollback():
    assert order_key(COMMANDS[0]) == "promote:fraud"
    assert order_key(COMMANDS[1]) == "rollback:fraud"
