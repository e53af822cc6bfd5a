"""Modals and the App Home: triggers, the stack, hashes, submissions and what the app may answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.test_slack_support import (
    ANA,
    BEN,
    DEPLOYS,
    World,
    actions,
    answered,
    asking,
    button,
    hurried,
    modal,
    option,
    section,
    slow,
    text,
    world,
)


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def test_triggers() -> None:
    async with world(trigger_seconds=0.0) as w:
        await w.slack.slash(ANA, DEPLOYS, "/models")
        late = await w.api("views.open", trigger_id=w.stub.payloads[0]["trigger_id"], view=modal())
        assert late["error"] == "expired_trigger_id"
        assert (await w.api("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"
        none = await w.api("views.open", view=modal())
        assert none["response_metadata"]["messages"] == ["[ERROR] missing required field: trigger_id"]


async def test_open_once(w: World) -> None:
    view = await w.view_from(ANA, modal(callback_id="form", external_id="x1"))
    assert view["root_view_id"] == view["id"] and view["state"] == {"values": {}}
    again = await w.api("views.open", trigger_id=w.stub.payloads[-1]["trigger_id"], view=modal())
    assert again["error"] == "exchanged_trigger_id"
    assert [v["callback_id"] for v in w.slack.views(ANA)] == ["form"]
    assert not w.slack.views(BEN)


async def test_bad_views_are_pointed_at(w: World) -> None:
    await w.slack.slash(ANA, DEPLOYS, "/models")
    trigger = w.stub.payloads[-1]["trigger_id"]
    refused = await w.api("views.open", trigger_id=trigger, view=modal(title=text("x" * 25)))
    assert refused["error"] == "invalid_arguments"
    line = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    assert refused["response_metadata"]["messages"] == [line]
    home = await w.api("views.open", trigger_id=trigger, view={"type": "home", "blocks": []})
    assert home["error"] == "invalid_arguments"
    assert (await w.api("views.open", trigger_id=trigger, view=modal()))["ok"]  # a refusal spends no trigger


async def test_update_with_hash(w: World) -> None:
    view = await w.view_from(ANA, modal(section("loading"), external_id="x1"))
    filled = modal(asking())
    assert (await w.api("views.update", view_id=view["id"], view=filled, hash="other"))["error"] == "hash_conflict"
    updated = await w.api("views.update", external_id="x1", view=filled, hash=view["hash"])
    assert updated["view"]["id"] == view["id"] and updated["view"]["hash"] != view["hash"]
    stale = await w.api("views.update", view_id=view["id"], view=filled, hash=view["hash"])
    assert stale["error"] == "hash_conflict"
    assert (await w.api("views.update", view_id="V0", view=filled))["error"] == "not_found"
    assert (await w.api("views.update", view=filled))["error"] == "invalid_arguments"


async def test_a_stack_of_three(w: World) -> None:
    view = await w.view_from(ANA, modal(actions(button("more"))))
    for depth in (2, 3, 4):
        await w.slack.click_view(ANA, view["id"], "more")
        payload = w.stub.payloads[-1]
        assert payload["container"] == {"type": "view", "view_id": view["id"]}
        pushed = await w.api("views.push", trigger_id=payload["trigger_id"], view=modal(actions(button("more"))))
        if depth == 4:
            assert pushed["error"] == "push_limit_reached"
            break
        assert pushed["view"]["previous_view_id"] == view["id"]
        assert len(w.slack.views(ANA)) == depth
        view = pushed["view"]
    await w.slack.slash(ANA, DEPLOYS, "/models")
    outside = await w.api("views.push", trigger_id=w.stub.payloads[-1]["trigger_id"], view=modal())
    assert outside["error"] == "not_found"


async def test_submit(w: World) -> None:
    options = [option("staging"), option("production")]
    choice = {"type": "static_select", "action_id": "env", "options": options, "initial_option": options[0]}
    tick = {"type": "checkboxes", "action_id": "flags", "options": [option("plan"), option("force")]}
    inputs = [
        asking(),
        {"type": "input", "block_id": "b_env", "label": text("Env"), "element": choice},
        {"type": "input", "block_id": "b_flags", "label": text("Flags"), "element": tick, "optional": True},
    ]
    view = await w.view_from(ANA, modal(*inputs))
    sent = await w.slack.submit(ANA, view["id"], {"reason": "tested", "flags": "plan,force"})
    assert sent.error is None
    values = w.stub.payloads[-1]["view"]["state"]["values"]
    assert values["b_reason"]["reason"] == {"type": "plain_text_input", "value": "tested"}
    assert values["b_env"]["env"]["selected_option"]["value"] == "staging"
    assert [o["value"] for o in values["b_flags"]["flags"]["selected_options"]] == ["plan", "force"]
    assert not w.slack.views(ANA)
    with pytest.raises(LookupError):
        await w.slack.submit(ANA, view["id"], {})


async def test_the_client_refuses_empty_inputs(w: World) -> None:
    view = await w.view_from(ANA, modal())
    before = len(w.stub.requests)
    assert (await w.slack.submit(ANA, view["id"], {"reason": ""})).error == "invalid_input"
    assert len(w.stub.requests) == before
    assert w.slack.views(ANA)[0]["errors"] == {"b_reason": "Please complete this required field."}


async def test_what_the_app_may_answer(w: World) -> None:
    view = await w.view_from(ANA, modal())

    async def submit(answer: object) -> str | None:
        w.stub.answers.append(answered(answer))
        return (await w.slack.submit(ANA, w.slack.views(ANA)[-1]["id"], {"reason": "x"})).error

    assert await submit({"response_action": "errors", "errors": {"b_reason": "too short"}}) is None
    assert w.slack.views(ANA)[0]["errors"] == {"b_reason": "too short"}
    assert await submit({"response_action": "errors", "errors": {"elsewhere": "x"}}) == "invalid_response_action"
    assert w.slack.views(ANA)[0]["trouble"]
    assert await submit({"response_action": "update", "view": modal(asking(), title=text("Second"))}) is None
    assert (w.slack.views(ANA)[0]["title"]["text"], w.slack.views(ANA)[0]["id"]) == ("Second", view["id"])
    assert w.slack.views(ANA)[0]["trouble"] is None
    assert await submit({"response_action": "push", "view": modal(asking(), title=text("Top"))}) is None
    assert [v["title"]["text"] for v in w.slack.views(ANA)] == ["Second", "Top"]
    assert await submit({"response_action": "push", "view": {"type": "modal"}}) == "invalid_arguments"
    assert await submit({"response_action": "clear"}) is None
    assert not w.slack.views(ANA)


async def test_a_late_answer_leaves_the_form_open(w: World) -> None:
    view = await w.view_from(ANA, modal())
    w.stub.answers.append(slow)
    with hurried(w):
        assert (await w.slack.submit(ANA, view["id"], {"reason": "x"})).error == "operation_timeout"
    assert w.slack.views(ANA)[0]["trouble"] == "We had some trouble connecting. Try again?"
    assert w.slack.views(ANA)[0]["state"]["values"]["b_reason"]["reason"]["value"] == "x"


async def test_closing(w: World) -> None:
    view = await w.view_from(ANA, modal())
    before = len(w.stub.requests)
    assert (await w.slack.close_view(ANA, view["id"])).id == ""
    assert len(w.stub.requests) == before and not w.slack.views(ANA)
    view = await w.view_from(ANA, modal(notify_on_close=True))
    await w.slack.close_view(ANA, view["id"])
    assert (w.stub.payloads[-1]["type"], w.stub.payloads[-1]["is_cleared"]) == ("view_closed", False)


async def test_type_ahead(w: World) -> None:
    select = {"type": "external_select", "action_id": "model", "min_query_length": 1}
    view = await w.view_from(ANA, modal({"type": "input", "block_id": "b", "label": text("Model"), "element": select}))
    w.stub.answers.append(answered({"options": [{"text": text("Fraud"), "value": "fraud"}]}))
    await w.slack.suggest(ANA, view["id"], "model", "fr")
    assert (w.stub.payloads[-1]["type"], w.stub.payloads[-1]["value"]) == ("block_suggestion", "fr")
    await w.slack.submit(ANA, view["id"], {"model": "fraud"})
    chosen = w.stub.payloads[-1]["view"]["state"]["values"]["b"]["model"]["selected_option"]
    assert chosen["text"]["text"] == "Fraud"


async def test_home(w: World) -> None:
    home = {"type": "home", "blocks": [section("hi"), actions(button("refresh"))]}
    view = (await w.api("views.publish", user_id=ANA, view=home))["view"]
    again = await w.api("views.publish", user_id=ANA, view=home, hash=view["hash"])
    assert again["view"]["id"] == view["id"]
    stale = await w.api("views.publish", user_id=ANA, view=home, hash=view["hash"])
    assert stale["error"] == "hash_conflict"
    await w.slack.click_view(ANA, view["id"], "refresh")
    assert w.stub.payloads[-1]["view"]["type"] == "home"
    assert w.slack.home(ANA)["blocks"][0]["text"]["text"] == "hi" and w.slack.home(BEN) is None
