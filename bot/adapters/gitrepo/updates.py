"""Keeping the mirror in step with the remote: first fill, fetch, healing. One at a time; waiting callers share one."""

from __future__ import annotations

import re
import threading

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.home import REFSPEC, MirrorHome
from bot.adapters.gitrepo.objects import GitObject, ObjectStore
from bot.adapters.gitrepo.runner import GitRunner
from bot.errors import Fatal, ForgeUnavailable, SlackOpsError

_QUIET = ("--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules")
_HEAD = re.compile(r"^ref: refs/heads/(\S+)\tHEAD$", re.MULTILINE)
_NOT_THERE = re.compile(r"not our ref|unadvertised object|no such remote ref|remote ref does not exist|find remote ref")
_COLLECT_EVERY = 200


class Missing(ForgeUnavailable):
    """The remote answered, and has no such commit, or not yet."""


class Updates:
    """Fetches into the mirror. Knows its default branch and whether the folder is fit for use."""

    def __init__(self, home: MirrorHome, runner: GitRunner, store: ObjectStore, default_branch: str | None) -> None:
        self._home, self._runner, self._store = home, runner, store
        self._given, self._branch = default_branch, default_branch
        self._lock = threading.Lock()
        self._begun = self._done = self._news = 0
        self._ready = False

    def ready(self) -> None:
        """See to it that there is a mirror to read."""
        if not self._ready:
            self.fetch()

    def fetch(self) -> str:
        """Bring the mirror up to date; the head of the default branch. Shares a fetch that began after this call."""
        ticket = self._begun
        with self._lock:
            if self._done <= ticket or not self._ready:
                self._begun += 1
                head = self._update()
                self._done = self._begun
                return head
        return self.head() or self.fetch()

    def head(self) -> str | None:
        """The head of the default branch as of the last fetch."""
        found = self._store.get([f"refs/remotes/origin/{self._branch}"])[0] if self._ready and self._branch else None
        return found.oid if found is not None else None

    def commit_object(self, commit: str) -> GitObject:
        """A commit by its id; one that is not here is asked for by its id, once. Raises Missing, ForgeUnavailable."""
        found = self._store.get([commit])[0] or self._ask_for(commit)
        if found.kind != "commit":
            raise Fatal(f"{commit[:12]} is a {found.kind}, not a commit.")
        return found

    def heal(self, failure: GitFailed) -> SlackOpsError:
        """What to raise for a failure, after doing what can be done about it."""
        if failure.corrupt:
            return self.rebuild()
        if failure.locked:
            with self._home.locked():
                self._home.sweep()
        return failure.error()

    def rebuild(self) -> ForgeUnavailable:
        """Throw the damaged mirror away; it is filled again when it is next needed."""
        with self._lock, self._home.locked():
            self._ready = False
            self._store.close()
            self._home.discard()
        return ForgeUnavailable("The mirror of the deployment repo was damaged; it is being made again.", retry_after=1)

    def _ask_for(self, commit: str) -> GitObject:
        status, _, err = self._runner.attempt("fetch", *_QUIET, "--quiet", "origin", commit, network=True)
        self._store.close()  # another process may have made the folder again under this one's feet
        found = self._store.get([commit])[0]
        if found is not None:
            return found
        if status and not _NOT_THERE.search(err):
            raise GitFailed("fetch", status, err)
        raise Missing(f"Commit {commit[:12]} is not in the deployment repo, or not yet.")

    def _update(self) -> str:
        with self._home.locked():
            try:
                self._bring()
            except GitFailed as failure:
                if not (failure.corrupt or failure.locked):
                    raise failure.error() from failure
                self._retry(failure)
        self._ready = True
        return self.head() or self._found_anew()

    def _retry(self, failure: GitFailed) -> None:
        self._store.close()
        self._ready = False
        if failure.corrupt:
            self._home.discard()
        try:
            self._bring()
        except GitFailed as again:
            raise again.error() from again

    def _bring(self) -> None:
        first = not self._ready
        if first:
            self._home.prepare()
        # Git names what it updates on standard error, and nothing when there is nothing new.
        fetch = ("fetch", "--prune", *_QUIET, "origin", REFSPEC)
        status, _, err = self._runner.attempt(*fetch, network=True, slow=first)
        if status:
            raise GitFailed("fetch", status, err)
        if err or first:
            self._index(slow=first)

    def _index(self, *, slow: bool) -> None:
        """Path filters for `history`; now and then, pack what has piled up. Neither is worth failing for."""
        graph = ("commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress")
        self._runner.attempt(*graph, slow=slow)
        self._news += 1
        if self._news % _COLLECT_EVERY == 0:
            self._runner.attempt("-c", "gc.auto=2000", "gc", "--auto", "--quiet", slow=True)

    def _found_anew(self) -> str:
        """The default branch was not known yet, was renamed, or the folder was made again by another process."""
        self._store.close()
        if self._given is None:
            self._branch = self._remote_head()
        head = self.head()
        if head is None:
            raise Fatal(
                f"The deployment repo has no branch `{self._branch}`: push it, or name the right default branch."
            )
        return head

    def _remote_head(self) -> str:
        status, out, err = self._runner.attempt("ls-remote", "--symref", "origin", "HEAD", network=True)
        if status:
            raise GitFailed("ls-remote", status, err).error()
        match = _HEAD.search(out.decode("utf-8", "replace"))
        if match is None:
            raise Fatal("The deployment repo has no default branch yet: push a first commit to it.")
        return match.group(1)
