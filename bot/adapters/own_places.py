"""What on the bot's own machine no policy may have it read as data: its own files, and the machine's.

Who writes the policy names paths, and what is read may be shown in a channel: names of columns, labels of categories.
So the bot's data directory and its database, and where a system keeps secrets (`/proc/self/environ`, mounted tokens),
are refused, also behind a symbolic link.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.errors import Reason, Refused

SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/run", "/var/run", "/boot")


class OwnPlaces:
    """``own``: directories and files that are nobody else's, besides those of the system."""

    def __init__(self, own: Iterable[str | Path] = ()) -> None:
        self._own = frozenset(Path(one).resolve() for one in (*SYSTEM, *own))

    def require_data(self, path: str | Path) -> None:
        """Raises Refused(DATA_UNREADABLE) for what lies in one of these, or leads there; OSError where links go in a
        circle."""
        found = Path(path).resolve()
        if self._own & {found, *found.parents}:
            raise Refused(
                Reason.DATA_UNREADABLE,
                f"`{path}` cannot be read: the bot's own files and the system's are no data.",
                "Let the data lie elsewhere, and mend the path in the policy.",
            )
