"""Messages and forms with everything that the page must draw."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]


def text(words: str, kind: str = "mrkdwn") -> Block:
    return {"type": kind, "text": words}


def button(action_id: str, words: str, **fields: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": text(words, "plain_text"), **fields}


def option(value: str, words: str) -> Block:
    return {"text": text(words, "plain_text"), "value": value}


def confirm() -> Block:
    words = {
        "title": "Approve?",
        "text": "fraud-detector 4 goes to production.",
        "confirm": "Approve",
        "deny": "Not yet",
    }
    return {key: text(value, "plain_text") for key, value in words.items()}


def cells(*words: str) -> list[Block]:
    return [{"type": "raw_text", "text": word} for word in words]


def card(link: str, approvals: str = "0 of 2") -> list[Block]:
    gates = [
        ("gate", "3", "4", "limit"),
        ("roc_auc", "0.941", "0.948", "≥ 0.90"),
        ("log_loss", "0.174", "0.171", "≤ 0.175"),
    ]
    more = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("diff", "Diff"), option("hold", "Hold"), option("close", "Close")],
    }
    env = {
        "type": "static_select",
        "action_id": "env",
        "placeholder": text("Environment", "plain_text"),
        "options": [option("staging", "staging"), option("production", "production")],
    }
    asked = f"<@U0ANA> asked · `roc_auc` .941→.948 · *{approvals}* · <{link}|Pull request> · <!subteam^S0LEADS>"
    return [
        {"type": "header", "text": text("Review: fraud-detector 3→4, production", "plain_text")},
        {"type": "section", "text": text(asked)},
        {"type": "table", "rows": [cells(*row) for row in gates]},
        {"type": "context", "elements": [text("storageUri `m-2862f1` → `m-94ab07` · *2* reviewers needed")]},
        {"type": "section", "text": text("Where else?"), "accessory": env},
        {
            "type": "actions",
            "elements": [
                button("approve", "Approve", style="primary", value="01JH8Z", confirm=confirm()),
                button("request_changes", "Request changes", value="01JH8Z"),
                button("ask", "Ask", value="01JH8Z"),
                more,
            ],
        },
    ]


def modal(title: str, blocks: list[Block], submit: str | None) -> Block:
    parts = {"title": text(title, "plain_text"), "close": text("Cancel", "plain_text")}
    return {"type": "modal", "blocks": blocks, **parts, **({"submit": text(submit, "plain_text")} if submit else {})}


def field(block_id: str, label: str, element: Block, **fields: Any) -> Block:
    return {"type": "input", "block_id": block_id, "label": text(label, "plain_text"), "element": element, **fields}


def loading() -> Block:
    return modal("Promote a model", [{"type": "section", "text": text("Loading…")}], None)


def reason_form() -> Block:
    element = {"type": "plain_text_input", "action_id": "reason", "multiline": True}
    hint = text("Ana reads this in the thread.", "plain_text")
    return modal("Request changes", [field("why", "What should change?", element, hint=hint)], "Send")


def ask_form() -> Block:
    models = [option("fraud-detector", "fraud-detector"), option("churn", "churn")]
    envs = [option("staging", "staging"), option("production", "production")]
    flags = [option("plan", "Only show the plan"), option("notify", "Tell the owners")]
    return modal(
        "Promote a model",
        [
            {"type": "section", "text": text("Which version, and *where*?")},
            field("model", "Model", {"type": "static_select", "action_id": "model", "options": models}),
            field(
                "env",
                "Environment",
                {"type": "radio_buttons", "action_id": "env", "options": envs, "initial_option": envs[0]},
            ),
            field("flags", "Also", {"type": "checkboxes", "action_id": "flags", "options": flags}, optional=True),
            field("note", "Note", {"type": "plain_text_input", "action_id": "note"}, optional=True),
        ],
        "Propose",
    )


def question() -> list[Block]:
    """What only the asker sees before a rollback."""
    buttons = [
        button("rollback.confirm", "Roll back", style="danger", value="01JH8Z"),
        button("rollback.cancel", "Cancel"),
    ]
    words = {"type": "section", "text": text("*Confirm: fraud-detector 4→3, production*")}
    return [words, {"type": "actions", "elements": buttons}]
