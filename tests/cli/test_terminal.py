"""Slack as a terminal sees it: a Slack that is down is not asked again and again, and nobody is guessed."""

from __future__ import annotations

import pytest

from bot.cli.following import Follower
from bot.cli.terminal import LEFT_ALONE, GroupUnknown, Standby, Terminal
from bot.domain.cards import Message, Receipt, Refusal, Stage
from bot.domain.people import Person
from bot.errors import ChatUnavailable, Fatal, StoreUnavailable
from bot.usecases.progress import Progress
from tests.fakes.chat import Channel, FakeChat
from tests.fakes.clock import FakeClock

ANA, BEN = Person(team="T0HOME", user="UANA"), Person(team="T0HOME", user="UBEN")
DOWN = ChatUnavailable("Slack could not be reached.")


@pytest.fixture
def slack() -> FakeChat:
    return FakeChat(workspace="T0REAL", channels=[Channel("C1", "ops")], groups={"S1": frozenset({"UANA"})})


def test_slacks_own_answer_counts_where_it_gives_one(slack: FakeChat) -> None:
    standby = Standby(slack, "T0HOME")
    assert standby.team() == "T0REAL"
    assert standby.user_group("S1") == {"UANA"}
    posted = standby.post("#ops", Receipt("hello"), "mark")
    assert standby.find("#ops", "mark", 0) == posted
    assert standby.update(posted, Receipt("again"), "mark")
    assert slack.sent[0].message == Receipt("again")


@pytest.mark.parametrize("fault", [DOWN, Fatal("Slack refused the bot token")], ids=["down", "refused"])
def test_the_askers_workspace_stands_in(slack: FakeChat, fault: Exception) -> None:
    slack.fails = fault
    assert Standby(slack, "T0HOME").team() == "T0HOME"


def test_a_slack_that_is_down_is_left_alone_for_a_while(slack: FakeChat) -> None:
    clock = FakeClock()
    standby = Standby(slack, "T0HOME", clock.now)
    slack.fails = DOWN
    assert standby.team() == "T0HOME"
    # It would answer now, but is not asked.
    with pytest.raises(ChatUnavailable):
        standby.post("#ops", Receipt("x"), "m")
    with pytest.raises(ChatUnavailable):
        standby.find("#ops", "m", 0)
    assert slack.sent == []
    clock.tick(LEFT_ALONE)
    assert standby.team() == "T0REAL"


def test_who_is_in_a_group_is_not_guessed(slack: FakeChat) -> None:
    slack.fails = DOWN
    with pytest.raises(GroupUnknown, match="slack:S1"):
        Standby(slack, "T0HOME").user_group("S1")


def test_for_a_role_an_unknown_group_is_nobody_and_is_named(slack: FakeChat) -> None:
    terminal = Terminal(Standby(slack, "T0HOME"), ANA, lambda _: None)
    assert terminal.user_group("S1") == {"UANA"}
    assert terminal.unknown == set()
    slack.fails = DOWN
    assert terminal.user_group("S1") == frozenset()
    assert terminal.unknown == {"slack:S1"}


def test_what_is_said_to_the_asker_is_shown_and_to_others_goes_to_slack(slack: FakeChat) -> None:
    shown: list[Message] = []
    terminal = Terminal(Standby(slack, "T0HOME"), ANA, shown.append)
    terminal.whisper(ANA, "", Receipt("Proposed.", "https://forge/1"))
    terminal.whisper(ANA, "", Refusal("No", "busy", "Not now."))
    terminal.whisper(BEN, "C1", Receipt("Yours"))
    assert [type(one) for one in shown] == [Receipt, Refusal]
    assert terminal.told == shown
    assert terminal.urls == {"https://forge/1"}
    assert [(one.person, one.message) for one in slack.whispers] == [(BEN, Receipt("Yours"))]


def progress(stage: Stage, merge_commit: str | None = None) -> Progress:
    return Progress(7, stage, "", 0, 1, ("@ben",), merge_commit)


def follow(steps: list[Progress | Exception | None], *, wait: bool) -> tuple[Progress | None, list[str], list[str]]:
    """Follow through these looks, without waiting in between."""
    left, said, keys = iter(steps), list[str](), list[str]()

    def look() -> Progress | None:
        found = next(left)
        if isinstance(found, Exception):
            raise found
        return found

    follower = Follower(lambda key, _: keys.append(key), look, said.append, pause=0.0)
    return follower.follow("cli:1", 7, wait=wait), said, keys


def test_without_wait_it_ends_where_somebody_is_waited_for() -> None:
    end, said, keys = follow([progress(Stage.MERGING), progress(Stage.MERGING), progress(Stage.REVIEW)], wait=False)
    assert end == progress(Stage.REVIEW)
    assert said == ["#7 Merging.", "#7 Review. 0 of 1 approvals; on the forge may approve: @ben."]
    assert keys == ["cli:1:look:1", "cli:1:look:2", "cli:1:look:3"]


def test_with_wait_it_ends_with_the_merge_and_says_each_state_once() -> None:
    steps: list[Progress | Exception | None] = [
        progress(Stage.REVIEW),
        DOWN,
        progress(Stage.REVIEW),
        DOWN,
        progress(Stage.MERGED, "a" * 40),
    ]
    end, said, _ = follow(steps, wait=True)
    assert end == progress(Stage.MERGED, "a" * 40)
    assert said[1:] == ["Slack does not answer. What belongs there is said later.", f"#7 Merged as {'a' * 10}."]
    assert len(said) == 3


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.SUPERSEDED, Stage.OBSOLETE])
def test_an_end_without_a_merge_is_an_end(stage: Stage) -> None:
    assert follow([progress(stage)], wait=True)[0] == progress(stage)


def test_a_group_that_nobody_knows_is_not_waited_for_without_wait() -> None:
    end, said, _ = follow([GroupUnknown("Only Slack knows.")], wait=False)
    assert end is None
    assert "github:ORG/TEAM" in said[0]


def test_a_store_that_is_away_for_a_moment_ends_no_look() -> None:
    said: list[str] = []
    looks: list[Exception | None] = [StoreUnavailable("the database did not answer"), None]

    def look(_key: str, _number: int) -> Exception | None:
        if looks and (away := looks.pop(0)) is not None:
            raise away
        return None

    merged = progress(Stage.MERGED, "a" * 40)
    seen = Follower(look, lambda: None if looks else merged, said.append, pause=0.0).follow("r", 7, wait=True)
    assert seen == merged
    assert said[0] == "Not finished: the database did not answer. It is tried again."
