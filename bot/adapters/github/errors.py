"""What GitHub's refusals mean for us: the one place where status codes become errors.

https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api and .../rate-limits-for-the-rest-api
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.errors import Fatal, ForgeUnavailable, Reason, Refused, SlackOpsError

_LIMIT_WORDS = ("rate limit", "abuse detection", "retry your request again later", "wait a few minutes")
_PAUSE = 60.0
_TOKEN_HELP = "Check GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY and GITHUB_INSTALLATION_ID, or GITHUB_TOKEN."  # noqa: S105


@dataclass(frozen=True)
class Answer:
    """One answer of the API. ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, Any]
    data: Any

    @property
    def ok(self) -> bool:
        """The request was carried out."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """GitHub's own sentence, with the details that it lists."""
        if not isinstance(self.data, dict):
            return f"status {self.status}"
        details = [_detail(one) for one in self.data.get("errors") or [] if one]
        said = [str(self.data.get("message") or ""), *details]
        return "; ".join(part.strip().rstrip(".") for part in said if part.strip())[:500] or f"status {self.status}"

    @property
    def limited(self) -> bool:
        """A rate limit said no, not a rule."""
        if self.status == 429:
            return True
        left = str(self.headers.get("x-ratelimit-remaining", ""))
        said = self.words.lower()
        has_header = "retry-after" in self.headers or left == "0"
        return self.status == 403 and (has_header or any(words in said for words in _LIMIT_WORDS))

    @property
    def pause(self) -> float:
        """How long GitHub wants to be left alone, in seconds."""
        after = str(self.headers.get("retry-after", ""))
        if after.isdecimal():
            return float(after)
        reset = str(self.headers.get("x-ratelimit-reset", ""))
        if str(self.headers.get("x-ratelimit-remaining", "")) == "0" and reset.isdecimal():
            return max(1.0, float(reset) - time.time() + 1)
        return _PAUSE


def failure(what: str, answer: Answer) -> SlackOpsError:
    """The error for an answer that nobody expected; ``what`` names what was attempted."""
    said = answer.words
    if answer.limited:
        return ForgeUnavailable(f"{what}: GitHub asks to wait ({said}).", retry_after=answer.pause)
    if answer.status >= 500 or answer.status in {408, 409}:
        return ForgeUnavailable(f"{what}: GitHub answered {answer.status} ({said}).")
    if answer.status == 401:
        return Fatal(f"{what}: GitHub does not accept the bot's credentials ({said}). {_TOKEN_HELP}")
    if answer.status == 404:
        return Fatal(f"{what}: there is no such thing on GitHub, or the bot may not see it.")
    if answer.status in {403, 405, 422}:
        return Refused(
            Reason.FORGE_REFUSED,
            f"{what}: GitHub refused: {said}.",
            "Give the App the permissions that its manifest lists, and see that no rule of the repository forbids it.",
        )
    return Fatal(f"{what}: GitHub answered {answer.status} ({said}).")


@contextmanager
def connection(what: str) -> Iterator[None]:
    """Turn what PyGithub and its HTTP library raise into the port's errors."""
    import requests
    from github import GithubException

    try:
        yield
    except GithubException as error:
        headers = {key.lower(): value for key, value in (error.headers or {}).items()}
        raise failure(what, Answer(error.status, headers, error.data)) from error
    except (requests.RequestException, OSError) as error:
        raise ForgeUnavailable(f"{what}: GitHub did not answer ({type(error).__name__}).") from error
    except (ValueError, RuntimeError, AssertionError) as error:
        raise ForgeUnavailable(f"{what}: the answer was none of GitHub's ({type(error).__name__}).") from error


def _detail(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(one.get("message") or " ".join(str(one[key]) for key in ("resource", "field", "code") if key in one))
