"""CI of several repositories in memory: commits in a line, runs on them, and what the bot remembers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from bot.domain.ci import CiRun, CiState
from bot.domain.ci_branch import CiBranch
from bot.domain.compared import Compared, ComparedCommit

_BRANCH = TypeAdapter(CiBranch)


class FakeCi:
    """The Ci port. ``between`` is the forge's: what is pushed here can be compared there. Set ``fails`` to an error
    that the next call raises."""

    def __init__(self, between: dict[tuple[str, str, str], Compared]) -> None:
        self.lines: dict[str, list[str]] = {}
        self.found: dict[tuple[str, str], dict[str, CiRun]] = {}
        self.between, self.again = between, list[tuple[str, str]]()
        self.may_rerun, self.asked = True, 0
        self.fails: Exception | None = None

    def push(self, repo: str, *shas: str, author: str = "ana", login: str = "ana") -> None:
        """New commits on the default branch."""
        line = self.lines.setdefault(repo, [])
        for sha in shas:
            line.append(sha)
        made = [ComparedCommit(sha, f"Work on {sha[:3]}", author, login) for sha in line]
        for i, base in enumerate(line):
            for j, head in enumerate(line):
                status: Any = "identical" if i == j else "ahead" if i < j else "behind"
                ahead = tuple(made[i + 1 : j + 1])
                url = f"https://github.com/{repo}/compare/{base[:7]}...{head[:7]}"
                self.between[repo, base, head] = Compared(base, head, status, len(ahead), max(0, i - j), url, ahead)

    def result(
        self, repo: str, sha: str, gate: str, state: str, at: float, summary: str = "", rerun: str = "run:1"
    ) -> None:
        """A check of a commit ended, or began anew."""
        url = f"https://github.com/{repo}/runs/{gate}"
        run = CiRun(gate, CiState(state), at, url, summary, f"tests/{gate}.py:3 wrong", rerun, gate)
        self.found.setdefault((repo, sha), {})[gate] = run

    def runs(self, repo: str, sha: str) -> list[CiRun]:
        self._answer()
        found = self.found.get((repo, sha), {}).values()
        return [replace(run, excerpt="") for run in sorted(found, key=lambda run: run.gate)]

    def excerpt(self, repo: str, run: CiRun) -> str:
        self._answer()
        found = (
            one.excerpt
            for (name, _), runs in self.found.items()
            for one in runs.values()
            if name == repo and one.gate == run.gate
        )
        return next(found, "")

    def rerun(self, repo: str, run: CiRun) -> bool:
        self._answer()
        self.again.append((repo, run.rerun))
        if self.may_rerun:
            for (name, _), runs in self.found.items():
                for gate, one in runs.items():
                    if name == repo and one.rerun == run.rerun and one.state is CiState.FAILURE:
                        runs[gate] = replace(one, state=CiState.PENDING)
        return self.may_rerun

    def default_branch(self, repo: str) -> str | None:
        self._answer()
        return "main" if self.lines.get(repo) else None

    def head(self, repo: str, branch: str) -> str | None:
        self._answer()
        return self.lines[repo][-1] if branch == "main" and self.lines.get(repo) else None

    def _answer(self) -> None:
        self.asked += 1
        if self.fails is not None:
            failing, self.fails = self.fails, None
            raise failing


class FakeCiLog:
    """The CiLog port; what is kept is written and read again, as a database would."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], bytes] = {}

    def get(self, repo: str, branch: str) -> CiBranch | None:
        found = self.rows.get((repo, branch))
        return None if found is None else _BRANCH.validate_json(found)

    def of(self, repo: str) -> list[CiBranch]:
        return sorted((one for one in self._all() if one.repo == repo), key=lambda one: (-one.at, one.branch))

    def save(self, branch: CiBranch) -> None:
        self.rows[branch.repo, branch.branch] = _BRANCH.dump_json(branch)

    def forget(self, before: float) -> int:
        gone = [one for one in self._all() if one.at < before and not (one.main and one.failing)]
        for one in gone:
            del self.rows[one.repo, one.branch]
        return len(gone)

    def _all(self) -> Iterable[CiBranch]:
        return [_BRANCH.validate_json(body) for body in self.rows.values()]
