"""files.*: the external upload."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Args, structure
from bot.sandbox.slack.content import checked_blocks
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.replies import bot_fields, thread_of
from bot.sandbox.slack.services import Services

Out = dict[str, Any]


def reserve(s: Services, args: Args) -> Out:
    """files.getUploadURLExternal"""
    if not str(args["length"]).isdigit() or int(args["length"]) == 0:
        raise SlackError("invalid_arguments", "[ERROR] invalid `length` [json-pointer:/length]")
    file = s.files.reserve(str(args["filename"]), int(args["length"]), str(args.get("alt_txt") or ""))
    return {"upload_url": s.files.upload_url(file), "file_id": file["id"]}


def wanted_files(args: Args) -> list[Out]:
    """The files argument. Raises SlackError invalid_arguments."""
    files = structure(args, "files", "invalid_arguments")
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) and f.get("id") for f in files):
        raise SlackError("invalid_arguments", "[ERROR] must provide an array of objects with id [json-pointer:/files]")
    return files


def targets(s: Services, args: Args) -> list[str]:
    """The channels to share in. Raises SlackError of the channel."""
    many = args.get("channels") or []
    names = many if isinstance(many, list) else str(many).split(",")
    if args.get("channel_id"):
        names = [args["channel_id"]]
    return [s.directory.bots(str(name))["id"] for name in names if name]


def complete(s: Services, args: Args) -> Out:
    """files.completeUploadExternal: share what was uploaded as one message a channel."""
    wanted, channels = wanted_files(args), targets(s, args)
    if any((f := s.files.get(w["id"])) is None or f["content"] is None for w in wanted):
        raise SlackError("file_not_found")
    blocks, where = checked_blocks(args) or [], thread_of(args)
    files = [s.files.wire(s.files.complete(w["id"], w.get("title"))) for w in wanted]
    for channel in channels:
        text = str(args.get("initial_comment") or "")
        s.messages.add(channel, **bot_fields(s.config), text=text, blocks=blocks, files=files, **where)
    return {"files": files}


METHODS = (
    Method("files.getUploadURLExternal", reserve, 4, ("filename", "length"), json=False),
    Method("files.completeUploadExternal", complete, 4, ("files",)),
)
