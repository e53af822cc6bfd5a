"""What Git says while traffic moves in steps, and what each step writes, in every mode."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.change import Action, Aim, Intent
from bot.domain.past import distinct
from bot.domain.policy import Target
from bot.usecases.check import check
from bot.usecases.history import past
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo, target_at
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.registry import FakeRegistry

TWO = """
predictors:
  - name: stable
    model: {uri: "s3://m/41"}
    traffic: 100
  - name: canary
    model: {uri: "s3://m/40"}
    traffic: 0
"""
SELDON = """
          set:
            - {at: "predictors[name=stable].model.uri", value: "s3://m/{version}"}
            - {role: candidate, at: "predictors[name=canary].model.uri", value: "s3://m/{version}"}
            - {role: percent, at: "predictors[name=canary].traffic", value: "{percent}"}
            - {role: rest, at: "predictors[name=stable].traffic", value: "{rest}"}
"""
SLOTS = """
blue: {image: "m:41"}
green: {image: "m:40"}
service: {slot: blue}
"""
SWITCH = """
          set:
            - {at: blue.image, value: "m:{version}"}
            - {role: candidate, at: green.image, value: "m:{version}"}
            - {role: switch, at: service.slot, value: "{slot}"}
"""
KSERVE = """
kind: InferenceService
metadata: {name: fraud}
spec:
  predictor:
    model:
      storageUri: "s3://m/41"
"""
PLAIN = """
          at: spec.predictor.model.storageUri
          value: "s3://m/{version}"
"""
ARGO = """
spec:
  strategy: {canary: {steps: [{setWeight: 100}, {pause: {}}]}}
  template: {image: "m:41"}
"""
WEIGHT = """
          set:
            - {at: spec.template.image, value: "m:{version}"}
            - {role: percent, at: "spec.strategy.canary.steps[0].setWeight", value: "{percent}"}
"""
MODES: dict[str, tuple[str, str, str]] = {
    "kserve-serverless": ("mode: kserve-serverless, percents: [10, 100]", PLAIN, KSERVE),
    "argo-rollouts": ("mode: argo-rollouts, percents: [10, 100]", WEIGHT, ARGO),
    "seldon": ("mode: seldon, percents: [10, 100]", SELDON, TWO),
    "experiment": ("mode: experiment, percents: [10, 100]", SELDON, TWO),
    "ab": ("mode: ab, percents: [10, 100], metric: auc", SELDON, TWO),
    "blue-green": ("mode: blue-green", SWITCH, SLOTS),
}
IN_PLACE, TWO_SLOTS = ("kserve-serverless", "argo-rollouts"), ("seldon", "experiment", "ab")


def policy_of(steps: str, entry: str, more: str = "") -> bytes:
    return f"""
environments:
  production: {{steps: {{{steps}}}}}
models:
  fraud:
    {more}
    targets:
      production:
        - files: [fraud.yaml]
{entry.strip(chr(10))}
""".encode()


class Place:
    """A repo with one target; ``write`` carries an aim out and commits it."""

    def __init__(self, mode: str) -> None:
        steps, entry, content = MODES[mode]
        self.checkout = FakeCheckout({".slackops.yaml": policy_of(steps, entry), "fraud.yaml": content.encode()})
        self.repo = Repo(self.checkout, VersionNames(FakeRegistry(), FakeClock()))

    @property
    def target(self) -> Target:
        head = self.checkout.fetch()
        found = target_at(self.repo.policy(head), self.repo, head, "fraud", "production")
        assert found is not None
        return found

    def write(self, version: str, percent: int | None = None, action: Action = Action.STEP) -> Intent:
        head, aim = self.checkout.fetch(), Aim({"version": version}, percent=percent)
        intent = self.repo.intent(
            head, self.target, Intent(action, "fraud", "production", None, version, None, ()), aim
        )
        files: Any = self.repo.rendered(head, self.target, aim)
        self.checkout.change("main", files, f"{version} at {percent}")
        return intent

    def stands(self) -> tuple[str | None, str | None, int | None]:
        """Deployed version, candidate, its share."""
        seen = self.repo.standing(self.checkout.fetch(), self.target)
        return seen.version, seen.candidate, seen.share

    def had(self) -> list[str | None]:
        return [entry.version for entry in distinct(past(self.repo, self.checkout.fetch(), self.target))]

    def text(self) -> str:
        return self.checkout.read(self.checkout.fetch(), ["fraud.yaml"])["fraud.yaml"].decode()


@pytest.mark.parametrize("mode", [*IN_PLACE, *TWO_SLOTS])
def test_a_canary_is_not_deployed_until_it_has_all(mode: str) -> None:
    place = Place(mode)
    assert place.stands() == ("41", None, None)
    first = place.write("42", 10)
    assert (first.frm, first.to, first.percent) == ("41", "42", 10)
    assert place.stands() == ("41", "42", 10)
    assert place.had() == ["41"]
    last = place.write("42", 100)
    assert (last.frm, last.to) == ("41", "42")
    assert place.stands() == ("42", None, None)
    assert place.had() == ["42", "41"]


@pytest.mark.parametrize("mode", [*IN_PLACE, *TWO_SLOTS])
def test_straight_back_from_a_step(mode: str) -> None:
    place = Place(mode)
    place.write("42", 10)
    back = place.write("41", None, Action.ROLLBACK)
    assert (back.frm, back.to, back.percent) == ("42", "41", None)
    assert place.stands() == ("41", None, None)
    assert place.had() == ["41"]


@pytest.mark.parametrize("mode", IN_PLACE)
def test_in_place_an_abort_takes_the_traffic_and_then_the_version(mode: str) -> None:
    place = Place(mode)
    place.write("42", 50)
    away = place.write("42", 0)
    assert (away.frm, [edit.new.text for edit in away.edits]) == ("42", ["0"])
    assert place.stands() == ("41", "42", 0)
    assert place.write("41", None, Action.ROLLBACK).frm == "42"
    assert place.stands() == ("41", None, None)


@pytest.mark.parametrize("mode", TWO_SLOTS)
def test_with_two_slots_an_abort_is_the_whole_way_back(mode: str) -> None:
    place = Place(mode)
    place.write("42", 10)
    assert '"s3://m/41"' in place.text() and '"s3://m/42"' in place.text()
    assert "traffic: 90" in place.text() and "traffic: 10" in place.text()
    place.write("42", 0)
    assert place.stands() == ("41", None, None)
    assert "traffic: 100" in place.text()


def test_a_switch_is_flipped_once_the_idle_slot_is_written() -> None:
    place = Place("blue-green")
    place.write("42", 0)
    assert (place.stands(), place.text().count("m:42")) == (("41", None, None), 1)
    assert place.repo.candidate_at(place.checkout.fetch(), place.target) == "42"
    flip = place.write("42", 100)
    assert [(edit.old.text, edit.new.text) for edit in flip.edits] == [("blue", "green")]
    assert place.stands() == ("42", None, None)
    assert place.repo.candidate_at(place.checkout.fetch(), place.target) == "42"
    back = place.write("41", None, Action.ROLLBACK)
    assert [(edit.old.text, edit.new.text) for edit in back.edits] == [("green", "blue")]
    assert place.had() == ["41", "42", "41"]
    place.write("43", 0)
    place.write("43", 100)
    assert place.text().count("m:43") == 1
    assert "slot: green" in place.text()


@pytest.mark.parametrize("mode", MODES)
def test_what_is_written_twice_is_written_once(mode: str) -> None:
    place = Place(mode)
    first = MODES[mode][0].startswith("mode: blue-green")
    place.write("42", 0 if first else 10)
    before = place.text()
    assert place.write("42", 0 if first else 10).edits == ()
    assert place.text() == before


@pytest.mark.parametrize("mode", IN_PLACE)
def test_a_share_that_cannot_be_read_is_unreadable(mode: str) -> None:
    place = Place(mode)
    place.write("42", 10)
    place.checkout.change("main", {"fraud.yaml": place.text().replace("10", "1e1").encode()})
    seen = place.repo.deployed(place.checkout.fetch(), place.target)
    assert (seen.state, seen.version) == ("unreadable", None)


@pytest.mark.parametrize("mode", IN_PLACE)
def test_check_tells_the_version_that_had_all_of_it(mode: str) -> None:
    place = Place(mode)
    place.write("42", 10)
    assert [(line.state, line.version) for line in check(place.repo, place.checkout.fetch())] == [("pinned", "41")]


def test_kserves_number_is_a_number() -> None:
    place = Place("kserve-serverless")
    intent = place.write("42", 10)
    assert "    canaryTrafficPercent: 10\n" in place.text()
    assert next(e.new.type for e in intent.edits if e.old.type == "absent") == "int"


def test_without_history_nobody_knows_the_version_before() -> None:
    place = Place("kserve-serverless")
    files = {".slackops.yaml": policy_of(*MODES["kserve-serverless"][:2])}
    files["fraud.yaml"] = (KSERVE + "    canaryTrafficPercent: 10\n").encode()
    place.checkout = FakeCheckout(files)
    place.repo = Repo(place.checkout, VersionNames(FakeRegistry(), FakeClock()))
    assert place.stands() == (None, "41", 10)
    assert place.repo.deployed(place.checkout.fetch(), place.target).version is None
