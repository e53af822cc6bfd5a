"""A bare Git repository that plays the deployment repo's remote, and what other people do to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_ENV = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


class Remote:
    """The repository at ``path``, made when it is not there, with one commit on ``main``."""

    def __init__(self, path: Path, files: Mapping[str, bytes] | None = None) -> None:
        self.path, self._time = path, 1_700_000_000
        if not path.exists():
            subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
            self.change("main", files or {"README.md": b"# Deployments\n"}, "Start")

    def git(self, *args: str, stdin: bytes = b"") -> str:
        """The output of a command in the repository."""
        done = subprocess.run(
            ["git", *args], cwd=self.path, input=stdin, capture_output=True, env={**os.environ, **_ENV}, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def head(self, branch: str = "main") -> str:
        """The head of a branch."""
        return self.git("rev-parse", f"refs/heads/{branch}")

    def change(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        message: str = "Change",
        author: str = "ana",
        base: str = "",
        mode: str = "100644",
    ) -> str:
        """A commit of somebody else; None deletes a file. A new branch starts at ``base`` or ``main``."""
        self._time += 60
        has = [line.split()[1] for line in self.git("for-each-ref", "--format=ref %(refname)").splitlines()]
        start = (
            f"refs/heads/{branch}^0" if f"refs/heads/{branch}" in has else base or ("refs/heads/main^0" if has else "")
        )
        who = f"{author} <{author}@example.com> {self._time} +0000"
        head = f"commit refs/heads/{branch}\ncommitter {who}\ndata {len(message.encode())}\n{message}\n"
        stream = [head.encode(), f"from {start}\n".encode() if start else b""]
        for path, content in files.items():
            stream.append(_change(path, content, mode))
        self.git("fast-import", "--quiet", stdin=b"".join(stream))
        return self.head(branch)

    def delete(self, branch: str) -> None:
        """Somebody else deletes a branch."""
        self.git("update-ref", "-d", f"refs/heads/{branch}")


def _change(path: str, content: bytes | None, mode: str) -> bytes:
    if content is None:
        return f"D {path}\n".encode()
    if mode == "160000":
        return f"M {mode} {content.decode()} {path}\n".encode()
    return f"M {mode} inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
