"""Facts that never change: asked for once, and silence is left alone for a while."""

from __future__ import annotations

from bot.errors import Fatal, RegistryUnavailable
from bot.usecases.version_facts import KEPT, SHORT_SILENCE_SECONDS, SILENCE_SECONDS, VersionFacts


class Oracle:
    def __init__(self, *answers: str | None) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self) -> str | None:
        self.asked += 1
        return self.answers.pop(0)


def test_a_fact_is_asked_for_once():
    facts, oracle = VersionFacts(), Oracle("yes")
    assert [facts.get(("a",), now, oracle) for now in (0.0, 1.0, 1e9)] == ["yes"] * 3
    assert oracle.asked == 1


def test_silence_is_asked_again_later():
    facts, oracle = VersionFacts(), Oracle(None, "yes")
    assert facts.get(("a",), 0.0, oracle) is None
    assert facts.get(("a",), SILENCE_SECONDS - 1, oracle) is None
    assert oracle.asked == 1
    assert facts.get(("a",), SILENCE_SECONDS, oracle) == "yes"


def test_an_empty_fact_is_a_fact():
    facts, oracle = VersionFacts(), Oracle("")
    assert [facts.get(("a",), 0.0, oracle) for _ in range(2)] == ["", ""]
    assert oracle.asked == 1


def test_it_forgets_what_was_used_longest_ago():
    facts, again = VersionFacts(), Oracle("new")
    for number in range(KEPT):
        facts.get((number,), 0.0, lambda: "old")
    facts.get((0,), 0.0, again)
    facts.get(("one more",), 0.0, lambda: "x")
    assert facts.get((0,), 0.0, again) == "old"
    assert facts.get((1,), 0.0, again) == "new"


def test_a_service_that_does_not_answer_is_waited_for_once_a_minute_and_not_once_a_fact():
    facts, asked = VersionFacts(), []

    def silent():
        asked.append(1)
        raise RegistryUnavailable("no answer within 10 s")

    assert [facts.get(("needs", n), 0.0, silent) for n in range(500)] == [None] * 500
    assert len(asked) == 1
    assert facts.get(("commits", 1), 0.0, lambda: "told") == "told"
    assert facts.get(("needs", 7), SHORT_SILENCE_SECONDS, lambda: "told") == "told"


def test_a_refusal_is_about_one_fact_only():
    def refused():
        raise Fatal("not for the bot")

    facts = VersionFacts()
    assert facts.get(("commits", "theirs"), 0.0, refused) is None
    assert facts.get(("commits", "ours"), 0.0, lambda: "told") == "told"
