"""Our verdicts on Block Kit: the limits one by one, and the same answers as the published typings where they speak."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.sandbox.slack.blockkit import message_faults, view_faults
from tests.sandbox.test_slack_support import actions, asking, button, modal, option, section, text

HERE = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS", HERE.parent / "shared" / "contracts"))


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def header(n: int) -> dict[str, Any]:
    return {"type": "header", "text": text("h" * n)}


def context(n: int) -> dict[str, Any]:
    return {"type": "context", "elements": [mrkdwn("c")] * n}


def table(rows: int, columns: int = 1, words: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": words}] * columns] * rows}


def buttons(n: int) -> dict[str, Any]:
    return actions(*(button(f"a{i}") for i in range(n)))


def select(n: int, **more: Any) -> dict[str, Any]:
    options = [option(str(i)) for i in range(n)]
    return {"type": "static_select", "action_id": "s", "options": options, "placeholder": text("p"), **more}


def overflow(n: int) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "o", "options": [option(str(i)) for i in range(n)]}


def confirm(**changes: Any) -> dict[str, Any]:
    whole = {"title": text("t" * 100), "text": mrkdwn("x" * 300), "confirm": text("y" * 30), "deny": text("n" * 30)}
    return {k: v for k, v in {**whole, **changes}.items() if v is not None}


def image(alt: int = 5, url: int = 20) -> dict[str, Any]:
    return {"type": "image", "alt_text": "a" * alt, "image_url": ("https://x.example/" + "u" * url)[:url]}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def reading(value: int = 1, words: int = 1) -> dict[str, Any]:
    return {"text": text("t" * words), "value": "v" * value}


GOOD: dict[str, list[Any]] = {
    "nothing": [],
    "50 blocks": [section()] * 50,
    "section of 3,000": [section("x" * 3000)],
    "ten fields of 2,000": [{"type": "section", "fields": [mrkdwn("x" * 200)] * 10}],
    "accessory": [section(accessory=button())],
    "accessory image": [section(accessory=image())],
    "header of 150": [header(150)],
    "ten in context": [context(10)],
    "25 buttons": [buttons(25)],
    "button at its limits": [actions(button("a" * 255, "v" * 2000, text=text("t" * 75), url="https://x.example"))],
    "confirm at its limits": [actions(button(confirm=confirm(style="danger")))],
    "100 options": [actions(select(100))],
    "option value of 150": [actions(select(1, options=[reading(150, 75)]))],
    "groups": [actions({"type": "static_select", "option_groups": [{"label": text("g"), "options": [option("a")]}]})],
    "overflow of five": [actions(overflow(5))],
    "image at its limits": [image(2000, 3000)],
    "markdown of 12,000": [{"type": "markdown", "text": "m" * 12_000}],
    "100 rows": [table(100)],
    "20 columns": [table(1, 20)],
    "divider": [{"type": "divider", "block_id": "b" * 255}],
    "rich text": [rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U1"})],
    "input": [asking()],
    "same action in two blocks": [actions(button()), actions(button())],
    "alert": [{"type": "alert", "level": "warning", "text": mrkdwn("x")}],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": text("+"), "value": "+"},
                    "negative_button": {"text": text("-"), "value": "-"},
                }
            ],
        }
    ],
}
BAD: dict[str, tuple[list[Any], str]] = {
    "51 blocks": ([section()] * 51, "/blocks"),
    "unknown block": ([{"type": "marquee"}], "/blocks/0/type"),
    "no type": ([{"text": text("x")}], "/blocks/0"),
    "section of 3,001": ([section("x" * 3001)], "/blocks/0/text/text"),
    "empty section": ([section("")], "/blocks/0/text/text"),
    "bare section": ([{"type": "section"}], "/blocks/0"),
    "11 fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "/blocks/0/fields"),
    "field of 2,001": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "/blocks/0/fields/0/text"),
    "header of 151": ([header(151)], "/blocks/0/text/text"),
    "mrkdwn header": ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
    "11 in context": ([context(11)], "/blocks/0/elements"),
    "button in context": ([{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
    "26 buttons": ([buttons(26)], "/blocks/0/elements"),
    "button text of 76": ([actions(button(text=text("x" * 76)))], "/blocks/0/elements/0/text/text"),
    "mrkdwn button": ([actions(button(text=mrkdwn("x")))], "/blocks/0/elements/0/text/type"),
    "button value of 2,001": ([actions(button(value="v" * 2001))], "/blocks/0/elements/0/value"),
    "button url of 3,001": ([actions(button(url="u" * 3001))], "/blocks/0/elements/0/url"),
    "action_id of 256": ([actions(button("a" * 256))], "/blocks/0/elements/0/action_id"),
    "block_id of 256": ([section(block_id="b" * 256)], "/blocks/0/block_id"),
    "invented field": ([section(colour="red")], "/blocks/0"),
    "invented button field": ([actions(button(disabled=True))], "/blocks/0/elements/0"),
    "confirm title of 101": ([actions(button(confirm=confirm(title=text("x" * 101))))], ".../title/text"),
    "confirm text of 301": ([actions(button(confirm=confirm(text=text("x" * 301))))], ".../text/text"),
    "confirm button of 31": ([actions(button(confirm=confirm(deny=text("x" * 31))))], ".../deny/text"),
    "confirm without text": ([actions(button(confirm=confirm(text=None)))], ".../confirm"),
    "101 options": ([actions(select(101))], "/blocks/0/elements/0/options"),
    "option text of 76": ([actions(select(1, options=[reading(1, 76)]))], ".../options/0/text/text"),
    "option value of 151": ([actions(select(1, options=[reading(151)]))], ".../options/0/value"),
    "image without alt": ([{"type": "image", "image_url": "https://x.example"}], "/blocks/0"),
    "image alt of 2,001": ([image(2001)], "/blocks/0/alt_text"),
    "markdown of 12,001": ([{"type": "markdown", "text": "m" * 12_001}], "/blocks/0/text"),
    "two tables": ([table(1), table(1)], "/blocks"),
    "101 rows": ([table(101)], "/blocks/0/rows"),
    "input without label": ([{k: v for k, v in asking().items() if k != "label"}], "/blocks/0"),
    "button in input": ([asking(element=button())], "/blocks/0/element/type"),
    "text input in actions": ([actions(asking()["element"])], "/blocks/0/elements/0/type"),
    "action_id twice": ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
    "block_id twice": ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
    "unknown rich text": ([rich({"type": "blink"})], ".../elements/0/type"),
}
# What the reference says and the typings do not state, so that only we can refuse it.
OURS: dict[str, tuple[list[Any], str]] = {
    "image url of 3,001": ([image(5, 3001)], "/blocks/0/image_url"),
    "overflow of six": ([actions(overflow(6))], "/blocks/0/elements/0/options"),
    "no elements": ([actions()], "/blocks/0/elements"),
    "table of 10,001 characters": ([table(1, 2, "x" * 5001)], "/blocks/0/rows"),
    "21 columns": ([table(1, 21)], "/blocks/0/rows/0"),
    "purple button": ([actions(button(style="purple"))], "/blocks/0/elements/0/style"),
    "confirm without title": ([actions(button(confirm=confirm(title=None)))], ".../confirm"),
    "options and groups": (
        [actions(select(1, option_groups=[{"label": text("g"), "options": [option("a")]}]))],
        "/blocks/0/elements/0",
    ),
    "no options": ([actions({"type": "static_select", "action_id": "s"})], "/blocks/0/elements/0"),
}
GOOD_VIEWS: dict[str, dict[str, Any]] = {
    "limits": modal(
        title=text("t" * 24), submit=text("s" * 24), close=text("c" * 24), private_metadata="m" * 3000, callback_id="c"
    ),
    "100 blocks": modal(*[section()] * 100),
    "home": {"type": "home", "blocks": [section()]},
    "no submit, no input": {"type": "modal", "title": text("x"), "blocks": [section()]},
}
BAD_VIEWS: dict[str, dict[str, Any]] = {
    "title of 25": modal(title=text("x" * 25)),
    "submit of 25": modal(submit=text("x" * 25)),
    "no title": {"type": "modal", "blocks": [section()]},
    "101 blocks": modal(*[section()] * 101),
    "metadata of 3,001": modal(private_metadata="x" * 3001),
    "callback_id of 256": modal(callback_id="x" * 256),
    "input without submit": {"type": "modal", "title": text("x"), "blocks": [asking()]},
    "bad block": modal(header(151)),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_blocks(name: str) -> None:
    assert message_faults(GOOD[name]) == []


@pytest.mark.parametrize("name", [*BAD, *OURS])
def test_bad_blocks_are_pointed_at(name: str) -> None:
    blocks, pointer = {**BAD, **OURS}[name]
    found = [fault.pointer for fault in message_faults(blocks)]
    assert any(p.endswith(pointer[3:]) if pointer.startswith("...") else p == pointer for p in found), found


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_good_views(name: str) -> None:
    assert view_faults(GOOD_VIEWS[name]) == []


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_bad_views(name: str) -> None:
    assert view_faults(BAD_VIEWS[name])


@pytest.mark.parametrize(
    "junk", [None, 3, "x", {}, [None], [3], [[]], [{"type": 7}], [{"type": "section", "text": []}]]
)
def test_junk_is_refused_and_never_raises(junk: Any) -> None:
    assert message_faults(junk)
    assert view_faults({"type": "modal", "title": text("x"), "blocks": junk})
    assert view_faults(junk)


def test_tables_and_markdown_stay_out_of_modals() -> None:
    assert view_faults(modal(table(1)))
    assert view_faults(modal({"type": "markdown", "text": "x"}))


def validator() -> ModuleType:
    path = CONTRACTS / "slack" / "validate.py"
    if not path.exists():
        pytest.skip("the contracts folder (SLACKOPS_CONTRACTS) is not there")
    spec = importlib.util.spec_from_file_location("slack_contract", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_same_verdicts_as_the_contract() -> None:
    contract = validator()
    differ = [n for n, blocks in GOOD.items() if contract.message_errors(blocks)]
    differ += [n for n, (blocks, _) in BAD.items() if not contract.message_errors(blocks)]
    differ += [n for n, view in GOOD_VIEWS.items() if contract.view_errors(view)]
    differ += [n for n, view in BAD_VIEWS.items() if not contract.view_errors(view)]
    assert not differ


def test_every_block_of_the_contract_is_known() -> None:
    contract = validator()
    unknown = {
        kind for kind in contract.BLOCKS if f"unsupported type: {kind}" in str(message_faults([{"type": kind}])[:1])
    }
    assert not unknown
