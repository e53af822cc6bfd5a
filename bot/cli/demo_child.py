"""The bot of `slackops demo`: `slackops run`, which stops when the demo is gone, however that ended.

The demo holds the other end of its standard input, which ends with it: a demo that was killed leaves no bot behind that
would work beside that of the next start.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TextIO


def end_with(stream: TextIO) -> None:
    """Stop this process as SIGTERM does, once the stream ends."""

    def wait() -> None:
        stream.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="slackops-demo-gone", daemon=True).start()


def main() -> None:
    """Run the bot."""
    from bot.cli import main as slackops

    end_with(sys.stdin)
    sys.argv = ["slackops", "run"]
    slackops()


if __name__ == "__main__":
    main()
