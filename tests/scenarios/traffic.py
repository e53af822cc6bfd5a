"""What was asked of the sandbox's services: which requests write, and what each of them writes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.sandbox.hooks import Call
from tests.scenarios.world import World

WRITES = ("POST ", "PUT ", "PATCH ", "DELETE ")


def hurry(world: World) -> None:
    """Retries and posts without the pauses that spare the services."""
    assert world.bot
    world.bot.worker._draw = lambda: 0.0
    world.bot.context.chat._calls._pacer._burst = 1_000.0


def effect(call: Call) -> str | None:
    """What this request writes, if anything: the same for a second try of the same effect."""
    if call.service == "git":
        return f"git push {sorted(r['ref'] for r in call.args.get('refs', []))}" if call.name == "push" else None
    if call.service == "github":
        return _on_github(call)
    if call.name == "chat.postMessage":
        return f"slack post {json.dumps(call.args.get('metadata'), sort_keys=True)}"
    if call.name == "chat.update":
        return f"slack update {str(call.args.get('text'))[:40]}"
    writes = ("chat.", "views.", "response_url", "conversations.open", "conversations.join", "files.complete")
    return f"slack {call.name}" if call.name.startswith(writes) else None


def _on_github(call: Call) -> str | None:
    if not call.name.startswith(WRITES) or "access_tokens" in call.name:
        return None
    if call.name == "POST /graphql" and "mutation" not in str(call.args):
        return None  # GraphQL asks by POST too
    told = "/".join(str(call.args.get(key, "")) for key in ("context", "state", "event"))
    return f"github {call.name.split('?')[0]} {told}"


def effects(log: Iterable[Call]) -> list[str]:
    """What was written, in order."""
    return [what for call in log if (what := effect(call))]


def forced(world: World) -> list[str]:
    """Pushes that were no fast-forward."""
    moves = [ref for call in world.sandbox.hooks.log if call.name == "push" for ref in call.args["refs"]]
    return [move["ref"] for move in moves if move["old"].strip("0") and not _forward(world, move["old"], move["new"])]


def _forward(world: World, old: str, new: str) -> bool:
    return world.git("merge-base", old, new).strip() == old
