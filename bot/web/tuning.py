"""What a process sets once that has to answer within milliseconds while other threads work."""

from __future__ import annotations

import gc
import sys

SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the interpreter from the event loop, and from the thread that writes."""


def tune_for_latency() -> None:
    """Call after everything was imported and wired, before the first request.

    A full garbage collection over all that the imports left behind stops every thread for 30 ms and more; those
    objects never die, so they are taken out of its sight (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
