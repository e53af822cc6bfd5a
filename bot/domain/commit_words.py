"""The training commits of two versions, as Markdown."""

from __future__ import annotations

import re

from bot.domain.compared import Compared, ComparedCommit
from bot.domain.comparison import Comparison
from bot.domain.wording import markdown

SUBJECTS_SHOWN, SUBJECT, SHORT = 5, 120, 12
_URL = re.compile(r"https?://[^\s<>()\[\]|\"`\\]{1,600}")


def commits_text(comparison: Comparison) -> str:
    """Where both were trained, and what came between. Empty where the candidate's commit is not known."""
    if not comparison.commit:
        return ""
    before = f" (deployed: {_sha(comparison.commit_before)})" if comparison.commit_before else ""
    text = f"Trained at commit {_sha(comparison.commit)}{before}."
    if comparison.commit == comparison.commit_before:
        return f"Both were trained at commit {_sha(comparison.commit)}."
    if comparison.commits is None:
        silent = " The commits between the two could not be asked for." if "commits" in comparison.missing else ""
        return text + silent
    return "\n".join([f"{text} {link(comparison.commits)}.", *_subjects(comparison.commits)])


def between(compared: Compared) -> str:
    """`3 commits between them`, and whether the candidate lacks some that the deployed one has."""
    ahead = f"{compared.ahead} commit{'' if compared.ahead == 1 else 's'}"
    lacks = f"{compared.behind} of the deployed one's"
    match compared.status:
        case "behind":
            return f"An older commit: it lacks {lacks}"
        case "diverged":
            return f"{ahead} that the deployed one has not, and it lacks {lacks}"
        case "identical":
            return "The same commit"
        case _:
            return f"{ahead} between them"


def link(compared: Compared) -> str:
    """The same, as a link to compare."""
    words = between(compared)
    return f"[{words}]({compared.url})" if _URL.fullmatch(compared.url) else words


def newest(compared: Compared) -> tuple[tuple[ComparedCommit, ...], int]:
    """The newest few, newest first, and how many more there are. None where the forge listed only the oldest."""
    if compared.ahead > len(compared.commits):
        return (), 0
    shown = tuple(reversed(compared.commits[-SUBJECTS_SHOWN:]))
    return shown, max(0, compared.ahead - len(shown))


def _subjects(compared: Compared) -> list[str]:
    shown, left = newest(compared)
    lines = [f"- {_sha(one.sha)} {markdown(one.subject[:SUBJECT])} ({markdown(one.author[:60])})" for one in shown]
    more = [f"- and {left} more"] if lines and left else []
    return ["", *lines, *more] if lines else []


def _sha(sha: str | None) -> str:
    return markdown((sha or "")[:SHORT])
