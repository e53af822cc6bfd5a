"""Files in three steps: ask for a URL, put the bytes there, complete the upload, which shares the file.

https://docs.slack.dev/messaging/working-with-files. Nobody sees a file before the third step; one that never gets
there is gone by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.slack_chat.calls import Calls
from bot.errors import ChatUnavailable, Fatal

if TYPE_CHECKING:
    import httpx

ALT_LIMIT, TITLE_LIMIT = 1000, 200


def upload(calls: Calls, name: str, content: bytes, alt: str, timeout: float) -> str:
    """The id of the file that holds the bytes; nobody sees it yet. Raises ChatUnavailable, Fatal."""
    told = calls.read("files.getUploadURLExternal", filename=name, length=len(content), alt_txt=alt[:ALT_LIMIT])
    url, file = str(told.get("upload_url") or ""), str(told.get("file_id") or "")
    if not url.startswith(("https://", "http://")) or not file:
        raise Fatal("Slack gave no address to upload a file to.")
    _put(url, content, timeout)
    return file


def share(calls: Calls, file: str, title: str, channel: str, thread: str) -> None:
    """Show an uploaded file in a thread. Raises ChatUnavailable, Fatal."""
    files = [{"id": file, "title": title[:TITLE_LIMIT]}]
    calls.write("files.completeUploadExternal", files=files, channel_id=channel, thread_ts=thread)


def _put(url: str, content: bytes, timeout: float) -> None:
    answer = _answer(url, content, timeout)
    if answer.status_code != 200:
        raise ChatUnavailable(f"Slack did not take a file: {answer.status_code}.")


def _answer(url: str, content: bytes, timeout: float) -> httpx.Response:
    import httpx

    try:
        return httpx.post(url, content=content, headers={"Content-Type": "application/octet-stream"}, timeout=timeout)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ChatUnavailable(f"Slack could not be reached to take a file ({type(error).__name__}).") from None
