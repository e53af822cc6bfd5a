"""Git processes in the mirror: their environment, their time limit, their errors."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from git.cmd import Git
from git.exc import GitCommandNotFound

from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.remote import Remote, scrub
from bot.errors import Fatal

# An empty credential helper forgets those of the machine: only our own credentials are to be used.
_ALWAYS = {"credential.helper": "", "core.hooksPath": "/dev/null", "protocol.ext.allow": "never", "gc.auto": "0"}


_SLOW = 15


class GitRunner:
    """Runs ``git`` with ``path`` as its repository. Thread-safe: it keeps nothing between two runs."""

    def __init__(self, path: Path, remote: Remote, timeout: float) -> None:
        self._path, self._remote, self._timeout = path, remote, timeout

    def run(self, *args: str) -> bytes:
        """Standard output of one command that needs no network. Raises GitFailed, and Fatal where there is no Git."""
        status, out, err = self.attempt(*args)
        if status:
            raise GitFailed(args[0], status, err)
        return out

    def attempt(self, *args: str, network: bool = False, slow: bool = False) -> tuple[int, bytes, str]:
        """Exit status, standard output and scrubbed standard error; ``slow`` ones, such as a first fill, get longer."""
        settings = self._remote.settings() if network else {}
        secrets = [value.rsplit(" ", 1)[-1] for value in settings.values()]
        try:
            answer = Git(self._home()).execute(
                ["git", *args],
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=self._timeout * (_SLOW if slow else 1),
                env=self._environment(settings),
            )
        except GitCommandNotFound as error:
            raise Fatal("The `git` program is not installed; the bot needs Git 2.30 or newer.") from error
        status, out, err = answer
        return status, out, scrub(err, *secrets)

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """Start a command that stays, with pipes on both sides. Its errors go nowhere, lest they fill a pipe."""
        return subprocess.Popen(
            ["git", *args],
            cwd=self._home(),
            env={**os.environ, **self._environment({})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _home(self) -> str:
        return str(self._path if self._path.is_dir() else self._path.parent)

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        settings = {**_ALWAYS, **extra}
        env = {
            "GIT_DIR": str(self._path),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "SSH_ASKPASS": "",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (key, value) in enumerate(settings.items()):
            env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return env
