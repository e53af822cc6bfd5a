"""What was done when, in memory."""

from __future__ import annotations


class FakeDriftMemory:
    """The DriftMemory port. ``saved`` counts the writes."""

    def __init__(self) -> None:
        self.saved = 0
        self._kept: dict[str, tuple[float, str]] = {}

    def get(self, key: str) -> tuple[float, str] | None:
        return self._kept.get(key)

    def starting(self, prefix: str) -> dict[str, tuple[float, str]]:
        return {key: one for key, one in self._kept.items() if key.startswith(prefix)}

    def save(self, key: str, at: float, body: str = "") -> None:
        self.saved += 1
        self._kept[key] = (at, body)

    def claim(self, key: str, at: float) -> bool:
        before = self._kept.get(key)
        if before is not None and before[0] >= at:
            return False
        self.save(key, at, before[1] if before else "")
        return True

    def forget(self, before: float) -> int:
        old = [key for key, (at, _) in self._kept.items() if at < before]
        for key in old:
            del self._kept[key]
        return len(old)
