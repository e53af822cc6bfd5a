"""The comparison for scripts: JSON that any parser reads, and bounded."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from bot.domain.comparison_json import MOST, comparison_json
from tests.domain.comparing_facts import INTENT, NEW, OLD, told


def test_the_shape():
    found = comparison_json(told())
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["from"], found["to"], found["missing"], found["left_out"]) == ("41", "42", [], 0)
    first = found["metrics"][0]
    assert (first["name"], first["before"], first["after"], first["better"]) == ("roc_auc", 0.941, 0.948, True)
    assert found["params"][0] == {"name": "depth", "before": "6", "after": "8"}
    assert (found["commits"]["ahead"], len(found["commits"]["list"])) == (7, 7)
    assert found["elsewhere"] == [
        {"environment": "staging", "version": "42"},
        {"environment": "canary", "version": None},
    ]
    assert found["datasets"]["to"][0] == {"name": "train", "digest": "d2", "context": "training"}


def test_what_is_no_number_is_a_word():
    new = replace(NEW, metrics={"roc_auc": math.nan, "log_loss": math.inf, "same": -math.inf})
    values = {one["name"]: one["after"] for one in comparison_json(told(new))["metrics"]}
    assert values == {"roc_auc": "NaN", "log_loss": "Infinity", "same": "-Infinity", "gone": None}


def test_thousands_are_bounded():
    many = {f"m{n}": 1.0 for n in range(3_000)}
    found = comparison_json(told(replace(NEW, metrics=many), replace(OLD, metrics={})))
    assert (len(found["metrics"]), found["left_out"]) == (MOST, 3_000 - MOST)


def test_nothing_known_is_null():
    found = comparison_json(told(None, None, intent=replace(INTENT, frm=None), requirements=None, commits=None))
    assert (found["from"], found["metrics"], found["missing"]) == (None, [], ["candidate"])
    assert found["commits"] == {
        "from": None,
        "to": None,
        "status": None,
        "ahead": None,
        "behind": None,
        "url": None,
        "list": [],
    }
