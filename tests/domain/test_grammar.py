"""One grammar for slash commands and mentions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.grammar import (
    USAGE,
    FormAsk,
    HelpAsk,
    ModelsAsk,
    PromoteAsk,
    RollbackAsk,
    UnpinAsk,
    parse,
    parse_mention,
)
from bot.errors import Reason, Refused


def promote(model="m", version="4", alias=None, environment=None, plan=False, reason=None) -> PromoteAsk:
    return PromoteAsk(model, version, alias, environment, plan, reason)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("m 4", promote()),
        ("  m\t4\u00a0prod\n", promote(environment="prod")),
        ("m v4", promote()),
        ("m V42 prod", promote(version="42", environment="prod")),
        ("m v1.2", promote(version="v1.2")),
        ("m latest", promote(version="latest")),
        ("m @champion", promote(version=None, alias="champion")),
        ("--plan m 4 prod", promote(environment="prod", plan=True)),
        ("m --plan 4", promote(plan=True)),
        ("m 4 —plan", promote(plan=True)),
        ("m 4 –plan", promote(plan=True)),
        ("m 4 --PLAN", promote(plan=True)),
        ("m 4 --reason new data, --plan", promote(reason="new data, --plan")),
        ('m 4 --reason "new data" --plan', promote(reason="new data", plan=True)),
        ("m 4 —reason “it’s new” —plan", promote(reason="it’s new", plan=True)),
        ("m 4 --reason='don't ask'", promote(reason="don't ask")),
        ("m 4 --reason don't ask", promote(reason="don't ask")),
        ("m 4 --reason=x y", promote(reason="x y")),
        ('"my model" 4', promote(model="my model")),
        ("“my model” 4", promote(model="my model")),
        ("‘my model’ 4", promote(model="my model")),
        ("„my model“ 4", promote(model="my model")),
        ("<http://fraud.io|fraud.io> 4", promote(model="fraud.io")),
        ("m <@U0ANA|champion>", promote(version=None, alias="champion")),
        ("m 4 --reason a &lt;b&gt; &amp; &amp;lt; c", promote(reason="a <b> & &lt; c")),
        ("m 4 --reason see <https://x.y/z> and <#C1|ops>", promote(reason="see https://x.y/z and #ops")),
    ],
)
def test_promote(text: str, ask: PromoteAsk) -> None:
    assert parse("/promote", text) == ask
    assert parse("slackops", f"promote {text}") == ask
    assert parse_mention(f"<@U0SLACKOPS> promote {text}") == ask


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("m prod", RollbackAsk("m", "prod", None, None)),
        ("m prod --to v4", RollbackAsk("m", "prod", "4", None)),
        ("--to=4 m prod --reason it is slow", RollbackAsk("m", "prod", "4", "it is slow")),
    ],
)
def test_rollback(text: str, ask: RollbackAsk) -> None:
    assert parse("rollback", text) == ask


@pytest.mark.parametrize(
    ("command", "text", "ask"),
    [
        ("promote", "", FormAsk("promote")),
        ("promote", "m", FormAsk("promote", model="m")),
        ("promote", "m --reason why", FormAsk("promote", model="m", reason="why")),
        ("rollback", "m --to 4", FormAsk("rollback", model="m", version="4")),
        ("models", "", ModelsAsk(None)),
        ("models", "m", ModelsAsk("m")),
        ("slackops", "", HelpAsk(None)),
        ("slackops", "help", HelpAsk(None)),
        ("slackops", "help /promote", HelpAsk("promote")),
        ("help", "rollback", HelpAsk("rollback")),
    ],
)
def test_forms_models_and_help(command: str, text: str, ask: object) -> None:
    assert parse(command, text) == ask


def test_a_prefix_of_the_commands() -> None:
    assert parse("/ml-promote", "m 4", prefix="ml-") == promote()


@pytest.mark.parametrize("text", ["", "<@U1>", "<@U1> ", "  <@U1|bot>, "])
def test_a_bare_mention_asks_for_help(text: str) -> None:
    assert parse_mention(text) == HelpAsk(None)


@pytest.mark.parametrize(
    ("command", "text", "reason", "message", "unblock"),
    [
        ("promote", "m 4 --pln", Reason.BAD_USAGE, "did you mean `--plan`?", USAGE["promote"]),
        ("promote", "m 4 -plan", Reason.BAD_USAGE, "did you mean `--plan`?", USAGE["promote"]),
        ("promote", "m 4 --to 3", Reason.BAD_USAGE, "There is no option '--to'", USAGE["promote"]),
        ("promote", "m 4 a b", Reason.BAD_USAGE, "'b' is one argument too many", USAGE["promote"]),
        ("promote", "m 4 --plan --plan", Reason.BAD_USAGE, "given twice", USAGE["promote"]),
        ("promote", "m 4 --plan=no", Reason.BAD_USAGE, "takes no value", USAGE["promote"]),
        ("promote", "m 4 --reason", Reason.BAD_USAGE, "`--reason` needs a value", USAGE["promote"]),
        ("promote", "m 4 --reason=", Reason.BAD_USAGE, "`--reason` needs a value", USAGE["promote"]),
        ("promote", 'm 4 --reason ""', Reason.BAD_USAGE, "`--reason` needs a value", USAGE["promote"]),
        ("promote", '"m 4', Reason.BAD_USAGE, "is not closed", USAGE["promote"]),
        ("promote", "m" * 4001, Reason.BAD_USAGE, "has 4001 characters", "Say less"),
        ("promote", "&lt;!channel&gt; 4", Reason.INVALID_NAME, "'<!channel>' is no model name", "letters"),
        ("promote", "<!channel> 4", Reason.INVALID_NAME, "'<!channel>' is no model name", "letters"),
        ("promote", "../../etc 4", Reason.INVALID_NAME, "is no model name", "letters"),
        ("promote", "m 4/5", Reason.INVALID_NAME, "'4/5' is no version name", "letters"),
        ("promote", "m @", Reason.INVALID_NAME, "is no alias name", "letters"),
        ("rollback", "m prod --break-glass", Reason.BAD_USAGE, "with a reason", USAGE["rollback"]),
        ("rollback", "m --break-glass --reason down", Reason.BAD_USAGE, "one environment", USAGE["rollback"]),
        ("slackops", "snooze prod", Reason.BAD_USAGE, "until when", USAGE["snooze"]),
        ("promte", "m 4", Reason.UNKNOWN_COMMAND, "There is no command 'promte'", "Did you mean `promote`?"),
        ("slackops", "help promte", Reason.UNKNOWN_COMMAND, "no command 'promte'", "promote"),
    ],
)
def test_refusals(command: str, text: str, reason: Reason, message: str, unblock: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(command, text)
    assert caught.value.reason is reason
    assert message in caught.value.message
    assert unblock in (caught.value.unblock or "")


words = st.one_of(
    st.text(max_size=8), st.sampled_from(["--plan", "—reason", "--to", "“", "'", '"', "<@U1|x>", "&lt;", " ", "="])
)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([*USAGE, "slackops", "x", ""]), st.lists(words, max_size=10).map(" ".join) | st.text(max_size=300)
)
def test_nothing_but_an_ask_or_a_refusal(command: str, text: str) -> None:
    for ask in (lambda: parse(command, text), lambda: parse_mention(text)):
        try:
            assert ask() is not None
        except Refused as refused:
            assert refused.message


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("m prod", UnpinAsk("m", "prod", plan=False, reason=None)),
        ("m prod --plan", UnpinAsk("m", "prod", plan=True, reason=None)),
        ("m prod --reason follow staging", UnpinAsk("m", "prod", plan=False, reason="follow staging")),
        ("", FormAsk("unpin")),
        ("m", FormAsk("unpin", model="m")),
    ],
)
def test_unpin(text: str, ask: UnpinAsk | FormAsk) -> None:
    assert parse("/slackops", f"unpin {text}") == ask
    assert parse_mention(f"<@U0SLACKOPS> unpin {text}") == ask


def test_half_a_character_can_be_written_down():
    found = parse("promote", "fraud-detector 4 production --reason 'bad \ud83d'")
    assert isinstance(found, PromoteAsk)
    assert found.reason == "bad ?"
