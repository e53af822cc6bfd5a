"""Whatever is sent, signed or not: never a 500."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.slack_signing import signed
from tests.web.bolt import client_of

HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-slack-retry-num", "x-slack-signature", "x-slack-request-timestamp", "cookie"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40).map(
        lambda s: s.encode("latin-1")
    ),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "event",
                        "team",
                        "user",
                        "actions",
                        "view",
                        "payload",
                        "authorizations",
                        "id",
                        "channel",
                        "message",
                        "enterprise",
                        "bot_id",
                        "action_id",
                        "function_data",
                        "container",
                        "state",
                        "callback_id",
                        "assistant_thread",
                        "thread_ts",
                        "subtype",
                        "is_enterprise_install",
                        "blocks",
                        "bot_access_token",
                        "trigger_id",
                        "command",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=8,
    ).flatmap(lambda v: st.sampled_from([json.dumps(v).encode(), urlencode({"payload": json.dumps(v)}).encode()])),
)


@given(body=BODIES, headers=HEADERS, is_signed=st.booleans())
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_is_a_500(body: bytes, headers: dict[str, bytes], is_signed: bool) -> None:
    sent = {**headers, **({k: v.encode() for k, v in signed(body).items()} if is_signed else {})}
    if is_signed and "content-type" in headers:
        sent["content-type"] = headers["content-type"]
    async with client_of() as client:
        answer = await client.post("/slack/events", content=body, headers=sent)
    assert answer.status_code < 500
