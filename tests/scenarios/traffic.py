"""What was asked of the sandbox's services: which requests write, and what each of them writes."""

from __future__ import annotations

import json

from bot.sandbox.hooks import Call

WRITES = ("POST ", "PUT ", "PATCH ", "DELETE ")


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
    writes = ("chat.", "views.", "response_url", "conversations.open", "conversations.join")
    return f"slack {call.name}" if call.name.startswith(writes) else None


def _on_github(call: Call) -> str | None:
    if not call.name.startswith(WRITES) or "access_tokens" in call.name:
        return None
    told = "/".join(str(call.args.get(key, "")) for key in ("context", "state", "event"))
    return f"github {call.name.split('?')[0]} {told}"
