"""The mirror's folder: made, taken up after a kill, and thrown away when it is damaged. It holds nothing of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.gitrepo.runner import GitRunner

REFSPEC = "+refs/heads/*:refs/remotes/origin/*"
_SETTINGS = {
    "remote.origin.fetch": REFSPEC,
    "remote.origin.tagOpt": "--no-tags",
    "maintenance.auto": "false",
    "fetch.writeCommitGraph": "false",
    "core.commitGraph": "true",
    "core.filesRefLockTimeout": "2000",
    "core.packedRefsTimeout": "2000",
    "pack.threads": "1",
    "pack.window": "4",
}
_STALE_LOCK, _STALE_OBJECT = 5.0, 3600.0


class MirrorHome:
    """The folder of the mirror and the lock around it, which other processes on the same folder respect."""

    def __init__(self, path: Path, url: str, runner: GitRunner) -> None:
        self.path, self._url, self._runner = path, url, runner

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone. The lock dies with the process."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._beside(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def prepare(self) -> None:
        """Make the folder, or take it up: settings written again, leftovers of a killed process swept away."""
        if not (self.path / "objects").is_dir() or not (self.path / "HEAD").is_file():
            self.discard()
            self._runner.run("init", "--bare", "--quiet", str(self.path))
        config = self._beside(".config")
        config.write_text(self._config())
        config.replace(self.path / "config")
        self.sweep()

    def discard(self) -> None:
        """Throw the folder away, at once out of sight of everybody else."""
        if self.path.exists():
            self.path.rename(self._beside(f".broken-{os.getpid()}-{time.monotonic_ns()}"))
        for grave in self.path.parent.glob(f"{self.path.name}.broken-*"):
            shutil.rmtree(grave, ignore_errors=True)

    def sweep(self) -> None:
        """Remove lock files and half-written objects that a killed process left. Only under the lock."""
        now = time.time()
        locks = [*self.path.glob("*.lock"), *(self.path / "refs").rglob("*.lock")]
        locks += (self.path / "objects" / "info").rglob("*.lock")
        for leftover, age in [*((path, _STALE_LOCK) for path in locks), *self._half_written()]:
            try:
                if now - leftover.stat().st_mtime > age:
                    leftover.unlink()
            except FileNotFoundError:
                continue

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _half_written(self) -> list[tuple[Path, float]]:
        return [(path, _STALE_OBJECT) for path in (self.path / "objects").glob("obj*")]

    def _config(self) -> str:
        settings = {
            "core.repositoryformatversion": "0",
            "core.bare": "true",
            "remote.origin.url": self._url,
            **_SETTINGS,
        }
        lines = []
        for key, value in settings.items():
            section, _, name = key.rpartition(".")
            head, _, tail = section.partition(".")
            lines += [f'[{head} "{tail}"]' if tail else f"[{head}]", f"\t{name} = {_quote(value)}"]
        return "\n".join(lines) + "\n"


def _quote(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
