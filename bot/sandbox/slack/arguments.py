"""Reading a request: the token, and the arguments in a form, a query or JSON, as Slack's Web API takes them."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.sandbox.slack.refusal import SlackError

Args = dict[str, Any]


async def read(request: Request, *, json_allowed: bool = True) -> tuple[str | None, Args]:
    """Token and arguments. A token inside JSON does not count, as with Slack; a method without JSON sees no JSON body.

    Raises SlackError invalid_form_data, invalid_json, json_not_object or invalid_post_type.
    """
    query: Args = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = parse_body(kind, await request.body(), request.headers.get("content-type", ""))
    header = request.headers.get("authorization", "")
    token = header[7:].strip() if header.lower().startswith("bearer ") else None
    if kind == "application/json":
        body.pop("token", None)
        body = body if json_allowed else {}
    args = {**query, **body}
    parameter = args.pop("token", None)
    return token or parameter, {k: v for k, v in args.items() if v is not None}


def parse_body(kind: str, raw: bytes, content_type: str) -> Args:
    """The arguments of a body of this content type."""
    if not raw:
        return {}
    if kind == "application/json":
        return parse_json(raw)
    if kind == "multipart/form-data":
        return multipart(raw, content_type)
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise SlackError("invalid_post_type")
    try:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True))
    except UnicodeDecodeError as error:
        raise SlackError("invalid_form_data") from error


def parse_json(raw: bytes) -> Args:
    """A JSON object. Raises SlackError."""
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(data, dict):
        raise SlackError("json_not_object")
    return data


def multipart(raw: bytes, content_type: str) -> Args:
    """The plain fields of a multipart form; files come as bytes."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields: Args = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + raw).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content: Any = part.get_payload(decode=True)
        fields[str(name)] = content if part.get_filename() else content.decode()
    return fields


def structure(args: Args, name: str, code: str) -> Any:
    """An argument that is JSON, given as itself or as its text. Raises SlackError ``code`` when it is malformed."""
    value = args.get(name)
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return json.loads(value)
    except ValueError as error:
        raise SlackError(code, f"[ERROR] {name} is not valid JSON") from error


def flag(args: Args, name: str) -> bool:
    """A boolean argument: JSON's, or 1, true, yes as text."""
    return str(args.get(name, "")).lower() in ("1", "true", "yes")


def whole(args: Args, name: str, default: int, most: int) -> int:
    """A positive number, cut to ``most``. Raises SlackError invalid_limit."""
    value = args.get(name, default)
    try:
        found = int(value) if value != "" else default
    except (TypeError, ValueError) as error:
        raise SlackError("invalid_limit") from error
    return min(found, most) if found > 0 else default
