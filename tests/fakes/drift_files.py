"""Directories of reports, in memory."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.drifting.templates import fixed_part, matches
from bot.errors import Reason, Refused, Transient
from bot.ports import DriftFile


class FakeDriftFiles:
    """The DriftFiles port. ``away``: the store does not answer. ``listed`` counts the questions."""

    def __init__(self) -> None:
        self.away = False
        self.listed = 0
        self.read_paths: list[str] = []
        self._files: dict[str, tuple[bytes, float]] = {}

    def put(self, path: str, content: bytes, modified: float) -> None:
        """A monitor writes a report."""
        self._files[path] = (content, modified)

    def list(self, place: str, since: float = 0.0) -> Iterator[DriftFile]:
        self.listed += 1
        self._require_answer()
        base = fixed_part(place).rstrip("/")
        if not any(path == base or path.startswith(f"{base}/") for path in self._files):
            raise Refused(Reason.DATA_UNREADABLE, f"{place} cannot be read: there is nothing there.")
        found = [(modified, path) for path, (_, modified) in self._files.items() if matches(place, path)]
        return iter([self._file(path) for modified, path in sorted(found) if modified >= since])

    def _file(self, path: str) -> DriftFile:
        content, modified = self._files[path]
        return DriftFile(path, f"{modified}-{len(content)}", modified, len(content))

    def read(self, file: DriftFile, most: int) -> bytes:
        self._require_answer()
        if file.path not in self._files:
            raise Refused(Reason.DATA_UNREADABLE, f"{file.path} cannot be read: there is nothing there.")
        self.read_paths.append(file.path)
        content = self._files[file.path][0]
        if len(content) > most:
            raise Refused(Reason.DATA_UNREADABLE, f"{file.path} has more than {most} bytes.")
        return content

    def _require_answer(self) -> None:
        if self.away:
            raise Transient("the store did not answer")
