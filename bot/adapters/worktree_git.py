"""Git in somebody's own checkout, which is read and not trusted: nothing that it configures may run a program.

The settings below stand in the environment, which wins over the repository's own configuration
(https://git-scm.com/docs/git-config#ENVIRONMENT). The person's own and the machine's configuration are theirs, so they
hold, `safe.directory` above all; Git's variables of a surrounding hook do not.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.remote import Remote, scrub
from bot.adapters.gitrepo.runner import GitRunner
from bot.errors import Fatal, Reason, Refused

TIMEOUT = 60.0
# Each of these names a program to run, or changes what Git tells: a hint would be taken for an error.
_SETTINGS = {
    "advice.graftFileDeprecated": "false",
    "core.fsmonitor": "",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "credential.helper": "",
    "gc.auto": "0",
    "log.follow": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
}
# No network, not even for the missing objects of a partial clone; no lock and no refreshed index in the checkout.
_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}
_CONFIGURATION = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
_KEPT = (*_CONFIGURATION, "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH", "GIT_DISCOVERY_ACROSS_FILESYSTEM")


@dataclass(frozen=True)
class Located:
    """The repository that a folder belongs to. ``top`` is None for a bare one; ``prefix`` leads from it to the folder,
    empty or with a slash at its end."""

    git_dir: Path
    top: Path | None
    prefix: str


class LocalGit(GitRunner):
    """Runs ``git`` in a checkout, or, before it is ``located``, in a folder that may be in one. Thread-safe."""

    def __init__(self, folder: Path, located: Located | None = None) -> None:
        super().__init__(located.git_dir if located else folder, Remote("", lambda: None), TIMEOUT)
        self._folder, self._located = folder, located

    def attempt(self, *args: str, network: bool = False, slow: bool = False) -> tuple[int, bytes, str]:  # noqa: ARG002
        """Exit status, standard output and standard error. Raises Fatal without Git, and when it takes too long."""
        try:
            done = subprocess.run(
                ["git", *args],
                cwd=self._home(),
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except FileNotFoundError as error:
            raise Fatal("The `git` program is not installed; Git 2.30 or newer is needed.") from error
        except subprocess.TimeoutExpired as error:
            raise Fatal(f"`git {args[0]}` took longer than {TIMEOUT:g} s in {self._home()}.") from error
        return done.returncode, done.stdout, scrub(done.stderr.decode("utf-8", "replace"))

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """Start a command that stays, with pipes on both sides."""
        return subprocess.Popen(
            ["git", *args],
            cwd=self._home(),
            env=self._variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _home(self) -> str:
        return str((self._located and self._located.top) or self._folder)

    def _variables(self) -> dict[str, str]:
        found = self._located
        own = {"GIT_DIR": str(found.git_dir)} if found else {}
        if found and found.top:
            own["GIT_WORK_TREE"] = str(found.top)
        return {**_settings({k: v for k, v in os.environ.items() if _wanted(k)}), **_VARIABLES, **own}


def _wanted(name: str) -> bool:
    return not name.startswith("GIT_") or name.startswith(_KEPT)


def _settings(env: Mapping[str, str]) -> dict[str, str]:
    """Ours behind those that the person has set in the environment: the last one wins."""
    count = env.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isascii() and count.isdigit() else 0
    made = dict(env)
    for number, (key, value) in enumerate(_SETTINGS.items(), first):
        made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return made | {"GIT_CONFIG_COUNT": str(first + len(_SETTINGS))}


def locate(folder: Path) -> Located | None:
    """The repository around a folder; None where there is none. Raises Refused where Git will not read it."""
    git = LocalGit(folder)
    status, out, err = git.attempt("rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--absolute-git-dir")
    if status:
        _require_plain(folder, err)
        return None
    bare, inside, git_dir = os.fsdecode(out).rstrip("\n").split("\n", 2)
    if bare == "true":
        return Located(Path(git_dir), None, "")
    if inside == "true":
        raise _refused(f"{folder} is Git's own folder.", "Give the checkout that it belongs to.")
    status, out, err = git.attempt("rev-parse", "--show-toplevel")
    top = Path(os.fsdecode(out).rstrip("\n"))
    if status or not folder.is_relative_to(top):
        raise _refused(f"Git has {folder} in no work tree: {_last(err) or 'core.worktree leads elsewhere'}.")
    prefix = folder.relative_to(top).as_posix()
    return Located(Path(git_dir), top, "" if prefix == "." else f"{prefix}/")


def _require_plain(folder: Path, err: str) -> None:
    """Raises Refused unless what Git said means that there is no repository at all."""
    if "dubious ownership" in err or "unsafe repository" in err:
        raise _refused(
            f"The repository around {folder} belongs to another user, so Git does not read it.",
            f"If you trust it: git config --global --add safe.directory {_owner(err) or folder}",
        )
    if "not a git repository" in err and not (folder / ".git").exists():
        return
    raise _refused(f"Git cannot read {folder}: {_last(err)}.")


def _owner(err: str) -> str:
    """The folder that Git itself would name."""
    return err.partition("--add safe.directory ")[2].partition("\n")[0].strip()


def _refused(message: str, unblock: str | None = None) -> Refused:
    return Refused(Reason.BAD_USAGE, message, unblock)


def _last(err: str) -> str:
    return (err.splitlines() or [""])[-1].removeprefix("fatal: ").rstrip(".")


def fatal(failure: GitFailed) -> Fatal:
    """The failure as the port's error: what a checkout does not have, it will not have on a second try."""
    return Fatal(f"`git {failure.verb}` failed in the checkout: {_last(failure.text) or failure.status}.")
