"""``Checkout`` over a bare mirror of the deployment repo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

from bot.adapters.gitrepo import content, past, pushing, queries
from bot.adapters.gitrepo.commits import Commit, format_commit, parse_commit
from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.home import MirrorHome
from bot.adapters.gitrepo.listing import Listings
from bot.adapters.gitrepo.objects import ObjectStore
from bot.adapters.gitrepo.remote import Credentials, parse_remote
from bot.adapters.gitrepo.runner import GitRunner
from bot.adapters.gitrepo.updates import Missing, Updates
from bot.domain.facts import HistoryEntry
from bot.errors import Fatal, ForgeUnavailable
from bot.ports.checkout import NewCommit

_ID = re.compile(r"[0-9a-f]{40}")
_BAD_BRANCH = re.compile(r"[\0-\x20\x7f~^:?*\[\\]|\.\.|@\{|^[-/.]|//|/\.|\.lock(/|$)|[/.]$|^$")
DEFAULT_AUTHOR = ("SlackOps", "slackops@users.noreply.github.com")


class GitMirror:
    """The deployment repo's content by a bare mirror at ``path``, which is made when it is not there.

    ``credentials`` gives a token for HTTP remotes, asked for anew before each use of the network; ``default_branch``
    is the remote's HEAD when not given; ``timeout`` bounds each Git process, in seconds. Thread-safe; several processes
    may share a path. A damaged mirror is made again from the remote: it holds nothing of its own.
    """

    def __init__(
        self,
        path: Path,
        remote_url: str,
        default_branch: str | None = None,
        credentials: Credentials = lambda: None,
        author: tuple[str, str] = DEFAULT_AUTHOR,
        timeout: float = 120,
    ) -> None:
        remote = parse_remote(remote_url, credentials)
        self._runner = GitRunner(path, remote, timeout)
        self._store = ObjectStore(self._runner, path)
        self._updates = Updates(MirrorHome(path, remote.url, self._runner), self._runner, self._store, default_branch)
        self._author = author
        self._listings = Listings(self._runner)
        # Commits never change, and every sweep asks for the merge base of every open change.
        self._merge_base = lru_cache(4096)(partial(queries.merge_base, self._runner))

    def fetch(self) -> str:
        """Bring the mirror up to date; the head of the default branch."""
        with self._guard():
            return self._updates.fetch()

    def head(self) -> str:
        """The head of the default branch as of the last fetch; the first call fetches."""
        with self._guard():
            return self._updates.head() or self._updates.fetch()

    def ref(self, branch: str) -> str | None:
        """The head of a remote branch as of the last fetch."""
        with self._guard():
            self._updates.ready()
            found = None if _BAD_BRANCH.search(branch) else self._store.get([f"refs/remotes/origin/{branch}"])[0]
        return found.oid if found is not None and found.kind == "commit" else None

    def read(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """The files' bytes at a commit; links, submodules, folders and paths that lead outside are left out."""
        with self._guard():
            return content.read_files(self._store, self._commit(commit).tree, paths)

    def paths(self, commit: str) -> list[str]:
        """Every regular file's path at a commit; names that are not UTF-8 are left out."""
        with self._guard():
            return queries.paths(self._runner, self._commit(commit).tree)

    def blobs(self, commit: str) -> Mapping[str, str]:
        """The blob id of every regular file at a commit, by path; the same object for equal trees."""
        with self._guard():
            return self._listings.blobs(self._commit(commit).tree)

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these blobs, read in one batch; an id that is no blob here is left out."""
        wanted = [one for one in dict.fromkeys(ids) if _ID.fullmatch(one)]
        with self._guard():
            self._updates.ready()
            found = zip(wanted, self._store.get(wanted), strict=True)
            return {oid: blob.data for oid, blob in found if blob is not None and blob.kind == "blob"}

    def folder(self, commit: str, path: str) -> list[str]:
        """Paths of the files that lie directly in a folder; empty when there is no such folder."""
        with self._guard():
            return content.list_folder(self._store, self._commit(commit).tree, path)

    def ensure(self, commit: str) -> bool:
        """Make a commit readable, fetching it by id where needed; False when the remote has it not."""
        try:
            with self._guard(commit):
                return True
        except Missing:
            return False

    def tree(self, commit: str) -> str:
        """The commit's tree id."""
        with self._guard():
            return self._commit(commit).tree

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commit's parents, the first one first."""
        with self._guard():
            return self._commit(commit).parents

    def message(self, commit: str) -> str:
        """The commit's message, without the newline that ends it."""
        with self._guard():
            return self._commit(commit).message.rstrip("\n")

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor; None when there is none, or more than one."""
        with self._guard(one, other):
            return self._merge_base(one, other)

    def changed_paths(self, old: str, new: str) -> list[str]:
        """Paths whose content or kind differs between two commits; a renamed file is two paths."""
        with self._guard(old, new):
            return queries.changed_paths(self._runner, old, new)

    def commit(self, new: NewCommit) -> str:
        """Write blobs, the trees on their paths and the commit into the mirror; the commit's id. Nothing is pushed.

        Raises Refused when a path of ``files`` is a link, a submodule, a folder, or leads outside.
        """
        with self._guard(*new.parents):
            self._updates.ready()
            root = self._commit(new.tree_of).tree if new.tree_of else content.EMPTY_TREE
            tree = content.write_files(self._store, root, new.files)
            return self._store.put("commit", format_commit(new, tree, self._author))

    def push(self, commit: str, branch: str) -> bool:
        """Push one refspec, never by force; False when the remote branch has moved on (not a fast-forward).

        Raises Refused when a rule of the forge forbids it.
        """
        if _BAD_BRANCH.search(branch):
            raise Fatal(f"{branch!r} is no name for a branch.")
        with self._guard(commit):
            return pushing.push(self._runner, commit, branch)

    def history(self, commit: str, paths: Sequence[str], limit: int) -> list[HistoryEntry]:
        """First-parent commits that touched the paths, newest first, each with the paths' blobs as of then."""
        inside = [path for path in paths if content.parts_of(path)]
        with self._guard(commit):
            return past.history(self._runner, commit, inside, limit)

    def close(self) -> None:
        """End the process that reads objects; the next use starts it again."""
        self._store.close()

    @contextmanager
    def _guard(self, *commits: str) -> Iterator[None]:
        """Have these commits here, and turn Git's failures into the port's, healing what can be healed."""
        try:
            for commit in commits:
                self._commit(commit)
            yield
        except GitFailed as failure:
            raise self._updates.heal(failure) from failure
        except OSError as error:
            raise ForgeUnavailable(f"The mirror of the deployment repo cannot be used: {error.strerror}") from error

    def _commit(self, commit: str) -> Commit:
        if not _ID.fullmatch(commit):
            raise Fatal(f"{commit!r} is no commit id.")
        self._updates.ready()
        return parse_commit(self._updates.commit_object(commit).data)
