"""What became of a push, read from ``git push --porcelain``. https://git-scm.com/docs/git-push#_output"""

from __future__ import annotations

import re

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.runner import GitRunner
from bot.errors import Reason, Refused

_MOVED = re.compile(
    r"non-fast-forward|fetch first|stale info|needs force|cannot lock ref|reference already exists|failed to update ref"
)


def push(runner: GitRunner, commit: str, branch: str) -> bool:
    """Push one refspec, never by force. False: the branch has moved on; Refused: a rule of the forge says no."""
    refspec = f"{commit}:refs/heads/{branch}"
    status, out, err = runner.attempt("push", "--porcelain", "--no-verify", "--", "origin", refspec, network=True)
    if not status:
        return True
    verdict = _verdict(out.decode("utf-8", "replace"))
    if verdict is None:
        raise GitFailed("push", status, err)
    if _MOVED.search(verdict):
        return False
    raise Refused(
        Reason.FORGE_REFUSED,
        f"The forge refused the push to `{branch}`: {_words(verdict, err)}.",
        "Allow the bot's account to push `slackops-state` and branches that begin with `slackops/`; no rule may stand "
        "in their way.",
    )


def _verdict(out: str) -> str | None:
    """The summary of the one rejected ref: ``[remote rejected] (hook declined)``."""
    lines = [line.split("\t") for line in out.splitlines() if line.startswith("!")]
    return lines[0][-1] if lines and len(lines[0]) > 2 else None


def _words(verdict: str, err: str) -> str:
    said = [line.removeprefix("remote:").strip() for line in err.splitlines() if line.startswith("remote:")]
    return " ".join([verdict.rsplit("] ", 1)[-1].strip("()"), *filter(None, said)])[:500].rstrip(".")
