"""Files uploaded in three steps: ask for a URL, put the bytes there, complete and share."""

from __future__ import annotations

import base64
import mimetypes
import time
from typing import Any

from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.ids import fresh
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.state import State

NS = "slack.file"
MOST_BYTES = 50 * 1024 * 1024
File = dict[str, Any]


class Files:
    """Files by id; the content is kept in the state."""

    def __init__(self, state: State, config: WorkspaceConfig) -> None:
        self._state, self._config = state, config

    def reserve(self, filename: str, length: int, alt_text: str) -> File:
        """A file without content, and the URL to upload it to. Raises SlackError file_upload_size_restricted."""
        if length > MOST_BYTES:
            raise SlackError("file_upload_size_restricted")
        file = {"id": fresh("F"), "key": fresh("", 24), "name": filename, "size": length, "alt_txt": alt_text}
        return self._save({**file, "content": None, "title": filename, "created": int(time.time()), "done": False})

    def _save(self, file: File) -> File:
        self._state.put(NS, file["id"], file)
        return file

    def get(self, file_id: str) -> File | None:
        """The file, complete or not."""
        found: File | None = self._state.get(NS, file_id)
        return found

    def upload_url(self, file: File) -> str:
        """Where its bytes go."""
        return f"{self._config.slack_url}/files/upload/{file['id']}/{file['key']}"

    def store(self, file_id: str, key: str, content: bytes) -> File:
        """Take the bytes. Raises SlackError file_not_found, or file_update_failed for another length than announced."""
        file = self.get(file_id)
        if file is None or file["key"] != key:
            raise SlackError("file_not_found", status=404)
        if len(content) != file["size"]:
            raise SlackError("file_update_failed", status=400)
        return self._save({**file, "content": base64.b64encode(content).decode()})

    def complete(self, file_id: str, title: str | None) -> File:
        """Make an uploaded file visible. Raises SlackError file_not_found."""
        file = self.get(file_id)
        if file is None or file["content"] is None:
            raise SlackError("file_not_found")
        return self._save({**file, "title": title or file["name"], "done": True})

    def content(self, file_id: str, key: str) -> tuple[str, bytes]:
        """Name and bytes of a complete file. Raises SlackError file_not_found."""
        file = self.get(file_id)
        if file is None or not file["done"] or file["key"] != key:
            raise SlackError("file_not_found", status=404)
        return file["name"], base64.b64decode(file["content"])

    def wire(self, file: File) -> dict[str, Any]:
        """A file object."""
        url = f"{self._config.slack_url}/files/content/{file['id']}/{file['key']}"
        out = {k: file[k] for k in ("id", "name", "title", "size", "created", "alt_txt")}
        names = {"user": self._config.bot_user_id, "timestamp": file["created"], "mode": "hosted"}
        names["mimetype"] = mimetypes.guess_type(file["name"])[0] or "application/octet-stream"
        return {**out, **names, "url_private": url, "url_private_download": url, "permalink": url}
