"""What Git's error texts mean for us. Git has no error codes, so its words decide (``LC_ALL=C``)."""

from __future__ import annotations

import re

from bot.errors import Fatal, ForgeUnavailable, SlackOpsError


class GitFailed(Exception):  # noqa: N818  (stays inside this package)
    """A Git process ended with an error. ``text`` is scrubbed of secrets."""

    def __init__(self, verb: str, status: int, text: str) -> None:
        super().__init__(f"git {verb}: {text}")
        self.verb, self.status, self.text = verb, status, text

    @property
    def corrupt(self) -> bool:
        """The mirror itself is damaged, not the way to the remote."""
        return not self.refused and bool(_CORRUPT.search(self.text))

    @property
    def locked(self) -> bool:
        """A lock file is in the way: of another process, or left behind by one that was killed."""
        return bool(_LOCKED.search(self.text))

    @property
    def refused(self) -> bool:
        """The remote does not know the repository or the credentials."""
        return bool(_REFUSED.search(self.text))

    def error(self) -> SlackOpsError:
        """This failure in the terms of the port."""
        said = self.text.splitlines()[-1] if self.text else f"exit status {self.status}"
        if self.refused:
            return Fatal(
                f"The deployment repo refused `git {self.verb}`: {said}. "
                "Check DEPLOYMENT_REMOTE_URL, the token, and that the App is installed on the repository."
            )
        return ForgeUnavailable(f"`git {self.verb}` on the deployment repo failed: {said}")


_REFUSED = re.compile(
    r"Authentication failed|could not read (Username|Password)|Invalid username or|Permission denied|"
    r"returned error: 40[13]|[Rr]epository .*not found|does not appear to be a git repository|"
    r"Write access to repository not granted|Permission to \S+ denied"
)
_CORRUPT = re.compile(
    r"^(?!remote:).*(corrupt|bad object|not a git repository|loose object|missing (blob|tree|commit|object)|"
    r"unable to (unpack|read (tree|sha1|object))|could not read [0-9a-f]{40}|did not send all necessary objects|"
    r"invalid sha1 pointer|bad (tree|config|ref)|broken ref|packfile .*(cannot|does not)|hash mismatch)",
    re.IGNORECASE | re.MULTILINE,
)
_LOCKED = re.compile(r"\.lock': File exists|Unable to create '[^']*\.lock'|cannot lock ref")
