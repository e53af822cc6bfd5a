"""What people do on github.com, and what a CI system does, without a request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.sandbox.github import actions, labels, merges, pulls, pushes, reviews, statuses, workflows
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.people import ACTIONS, ACTIONS_APP_ID
from bot.sandbox.github.protected import push_refusal
from bot.sandbox.github.shapes.pulls import comment_shape, full_pull, review_shape
from bot.sandbox.github.store import Doc
from bot.sandbox.github.writes import commit_files

T = TypeVar("T")


class Persons:
    """Each method raises ApiError as the request would; the rules are the same."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    async def review(self, login: str, full_name: str, number: int, event: str, body: str = "") -> Doc:
        """Review with APPROVE, REQUEST_CHANGES or COMMENT; returns the review."""
        repo = self._repo(login, full_name, "read")
        fields = {"event": event, "body": body}

        def work() -> Doc:
            review = reviews.create(self._forge, repo, number, login, fields)
            return review_shape(self._forge, repo, pulls.find(self._forge, repo, number), review)

        return await _held(repo, work)

    async def close(self, login: str, full_name: str, number: int) -> Doc:
        """Close a pull request."""
        return await self._update(login, full_name, number, {"state": "closed"})

    async def reopen(self, login: str, full_name: str, number: int) -> Doc:
        """Open it again."""
        return await self._update(login, full_name, number, {"state": "open"})

    async def merge_by_hand(self, login: str, full_name: str, number: int, method: str = "merge") -> str:
        """Press the merge button; returns the commit."""
        repo = self._repo(login, full_name, "write")
        return await _held(repo, lambda: merges.merge(self._forge, repo, number, login, {"merge_method": method}))

    async def comment(self, login: str, full_name: str, number: int, body: str) -> Doc:
        """Comment in the conversation."""
        repo = self._repo(login, full_name, "read")

        def work() -> Doc:
            return comment_shape(self._forge, repo, number, labels.comment(self._forge, repo, number, login, body))

        return await _held(repo, work)

    async def push_file(
        self, login: str, full_name: str, branch: str, path: str, content: bytes | None, message: str
    ) -> str:
        """Push one file (None deletes it) to a branch, which starts at the default branch when it is new."""
        repo = self._repo(login, full_name, "write")

        def work() -> str:
            reason = push_refusal(self._forge, repo, login, branch)
            if reason:
                raise ApiError(409, reason)
            return self._commit(repo, login, branch, {path: content}, message)

        return await _held(repo, work)

    async def open_pull(self, login: str, full_name: str, head: str, base: str, title: str, body: str = "") -> int:
        """Open a pull request; returns its number."""
        repo = self._repo(login, full_name, "read")
        fields: dict[str, Any] = {"head": head, "base": base, "title": title, "body": body}
        return int((await _held(repo, lambda: pulls.create(self._forge, repo, login, fields)))["number"])

    async def delete_branch(self, login: str, full_name: str, branch: str) -> None:
        """Delete a branch; its open pull requests close."""
        repo = self._repo(login, full_name, "write")

        def work() -> None:
            ref, old = f"refs/heads/{branch}", repo.git.branch(branch)
            if old is None:
                raise ApiError(422, "Reference does not exist")
            repo.git.update_ref(ref, ZERO, old)
            pushes.moved(self._forge, repo, login, [pushes.Move(ref, old, ZERO)])

        await _held(repo, work)

    async def set_check(
        self,
        full_name: str,
        sha: str,
        name: str,
        status: str = "completed",
        conclusion: str | None = "success",
        summary: str = "",
        annotations: Sequence[Doc] = (),
        log: str = "",
    ) -> None:
        """Report a check run as GitHub Actions; the same name and commit changes the earlier run.

        ``annotations`` are as in the API (path, start_line, end_line, annotation_level, message); ``log`` is the job's.
        """
        repo = self._forge.repo(full_name)
        output = {"title": summary, "summary": summary, "annotations": list(annotations)} if summary else {}
        fields = {"name": name, "head_sha": sha, "status": status, "conclusion": conclusion, "output": output}
        fields["log"] = log

        def work() -> None:
            earlier = [run for run in self._forge.store.checks(full_name, sha).all() if run["name"] == name]
            if earlier and earlier[-1]["status"] != "completed":
                statuses.change_run(self._forge, repo, earlier[-1], ACTIONS.login, fields)
            else:
                statuses.new_run(self._forge, repo, ACTIONS_APP_ID, ACTIONS.login, fields)

        await _held(repo, work)

    async def rerun(self, login: str, full_name: str, sha: str) -> None:
        """Run the failed jobs of a commit again, as on the page of its workflow run."""
        repo = self._repo(login, full_name, "write")

        def work() -> None:
            found = [
                one
                for one in self._forge.store.workflow_runs(full_name).all()
                if one["head_sha"] == sha and "event" not in one
            ]
            if not found:
                raise ApiError(404, "Not Found")
            actions.rerun(self._forge, repo, found[-1], login, failed=True)

        await _held(repo, work)

    def dispatched(self, full_name: str) -> list[Doc]:
        """The stored runs that somebody started by hand, oldest first: id, path, inputs, status, conclusion."""
        return [run for run in self._forge.store.workflow_runs(full_name).all() if "event" in run]

    async def dispatch(self, login: str, full_name: str, workflow: str, **inputs: str) -> int:
        """Start a workflow by hand, on the default branch; returns its run."""
        repo = self._repo(login, full_name, "write")
        fields = {"ref": repo.git.default_branch, "inputs": inputs}
        return int((await _held(repo, lambda: workflows.dispatch(self._forge, repo, workflow, fields, login)))["id"])

    async def move_run(self, full_name: str, number: int, status: str, conclusion: str | None = None) -> None:
        """Let a run that was dispatched go on, or end."""
        repo = self._forge.repo(full_name)
        await _held(repo, lambda: workflows.move(self._forge, repo, number, status, conclusion))

    async def set_status(self, login: str, full_name: str, sha: str, context: str, state: str, text: str = "") -> None:
        """Report a commit status as an account."""
        repo = self._repo(login, full_name, "write")
        fields = {"context": context, "state": state, "description": text}
        await _held(repo, lambda: statuses.create_status(self._forge, repo, sha, login, None, fields))

    def _repo(self, login: str, full_name: str, need: str) -> Repo:
        repo = self._forge.repo(full_name)
        have = self._forge.people.permission(full_name, login)
        if not self._forge.people.at_least(have, need):
            raise ApiError(404 if have == "none" else 403, f"{login} may not do this in {full_name}")
        return repo

    async def _update(self, login: str, full_name: str, number: int, fields: Doc) -> Doc:
        repo = self._repo(login, full_name, "write")

        def work() -> Doc:
            return full_pull(self._forge, repo, pulls.update(self._forge, repo, number, login, fields))

        return await _held(repo, work)

    def _commit(self, repo: Repo, login: str, branch: str, files: dict[str, bytes | None], message: str) -> str:
        old, base = repo.git.branch(branch), repo.git.branch(repo.git.default_branch)
        if old is None and base:
            repo.git.update_ref(f"refs/heads/{branch}", base, ZERO)
        author = self._forge.people.identity(login, int(time.time()))
        sha = commit_files(repo.git, branch, files, message, author)
        pushes.moved(self._forge, repo, login, [pushes.Move(f"refs/heads/{branch}", old or ZERO, sha)])
        return sha


async def _held(repo: Repo, work: Callable[[], T]) -> T:
    async with repo.lock:
        return await asyncio.to_thread(work)
