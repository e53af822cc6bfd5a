"""`slackops doctor`: every check, each with its own patience, so that one dead service does not hide the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.doctor import Finding, fail
from bot.errors import Fatal, Refused, SlackOpsError

Check = Callable[[], Iterable[Finding]]
_AGAIN = "See that it can be reached from here, and run doctor again."
_APP = "Check GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY and DEPLOYMENT_REPO, and that the App is installed on that repo."
_FIXES = {
    "slack token": "Set SLACK_BOT_TOKEN to the xoxb token of the installed app (OAuth & Permissions).",
    "policy": "Check DEPLOYMENT_REPO, DEPLOYMENT_REMOTE_URL and GitHub's credentials.",
    "github app": _APP,
    "github webhook": _APP,
    "clock": _APP,
}
"""What mends a refusal, by the name of the check: what is asked again will be refused again."""


def _fix(name: str) -> str:
    return _FIXES.get(name, "Mend what it names, and run doctor again.")


@dataclass
class _Run:
    """One check on a thread of its own. ``found`` is None until it has ended."""

    name: str
    check: Check
    found: list[Finding] | None = None

    def __call__(self) -> None:
        try:
            self.found = list(self.check())
        except Refused as why:
            self.found = [fail(self.name, why.message, why.unblock or _fix(self.name))]
        except Fatal as why:
            self.found = [fail(self.name, str(why), _fix(self.name))]
        except SlackOpsError as why:
            self.found = [fail(self.name, str(why), _AGAIN)]
        except Exception as why:  # noqa: BLE001  (its words could hold a secret)
            self.found = [fail(self.name, f"not to be checked ({type(why).__name__})", _AGAIN)]


def run_checks(checks: Mapping[str, Check], patience: float) -> list[Finding]:
    """Run them side by side, for ``patience`` seconds at most; the findings in the order of the checks. Threads that do
    not come back are left behind: they end with the process."""
    runs = [_Run(name, check) for name, check in checks.items()]
    threads = [threading.Thread(target=run, name=f"doctor {run.name}", daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    return [finding for run in runs for finding in _told(run, patience)]


def _told(run: _Run, patience: float) -> list[Finding]:
    found = run.found
    return [fail(run.name, f"no answer within {patience:g} s", _AGAIN)] if found is None else found
