"""An ordinary checkout, as a person has it: a work tree and its repository in a folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "ana",
    "GIT_AUTHOR_EMAIL": "ana@example.com",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_COMMITTER_EMAIL": "ana@example.com",
}


class LocalRepo:
    """The repository at ``path``, made when it is not there; each commit is a minute after the one before."""

    def __init__(self, path: Path) -> None:
        self.path, self._time = path, 1_700_000_000
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *args: str, **env: str) -> str:
        """The output of a command in the work tree."""
        done = subprocess.run(
            ["git", *args], cwd=self.path, capture_output=True, env={**os.environ, **_ENV, **env}, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Files on disk, not committed; None deletes one."""
        for name, text in files.items():
            path = self.path / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def commit(self, files: Mapping[str, str | None], message: str = "Change") -> str:
        """Write them and commit everything; the commit's id."""
        self.write(files)
        self._time += 60
        date = f"{self._time} +0000"
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
        return self.git("rev-parse", "HEAD")

    def state(self) -> dict[str, tuple[int, int]]:
        """Size and time of every file, Git's own included: what a command that only reads must leave alone."""
        files = (one for one in self.path.rglob("*") if one.is_file() and not one.is_symlink())
        return {str(one): (one.stat().st_size, one.stat().st_mtime_ns) for one in files}
