# ruff: noqa: INP001
"""Tells SlackOps of Fleet, which sends no webhooks: reads GitRepos and Bundles, posts what changed.

Runs in the cluster with nothing but Python's standard library.

A GitRepo and each of its Bundles is an application of its own, `namespace/name`: a repo with many models is watched by
its Bundles, of which Fleet makes one for each path. States: https://fleet.rancher.io/ref-status-fields
"""

from __future__ import annotations

import datetime as dt
import json
import os
import ssl
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
API = "https://kubernetes.default.svc/apis/fleet.cattle.io/v1alpha1"
REPO, COMMIT = "fleet.cattle.io/repo-name", "fleet.cattle.io/commit"
PHASES = {
    "GitUpdating": "syncing",
    "Pending": "syncing",
    "OutOfSync": "syncing",
    "WaitApplied": "syncing",
    "NotReady": "progressing",
    "Modified": "synced",  # all is ready, but somebody changed it in the cluster: neither healthy nor a bad version
    "ErrApplied": "failed",
    "Ready": "healthy",
}
Doc = Mapping[str, Any]


def rollouts(repos: Iterable[Doc], bundles: Iterable[Doc]) -> list[dict[str, str]]:
    """What to tell of each GitRepo and each Bundle that is at a commit."""
    bundles = list(bundles)
    found = [rollout(repo, _of(repo, bundles)) for repo in repos] + [rollout(bundle) for bundle in bundles]
    return [one for one in found if one is not None]


def rollout(doc: Doc, parts: Iterable[Doc] = ()) -> dict[str, str] | None:
    """One GitRepo with its Bundles, or one Bundle; None before the first commit and in a state that is not known.

    A GitRepo is at a commit before its Bundles are: until each of them is, a Ready is about the commit before.
    """
    meta, status = doc.get("metadata") or {}, doc.get("status") or {}
    commit = status.get("commit") or (meta.get("labels") or {}).get(COMMIT)
    phase = _phase(status)
    if not commit or phase is None:
        return None
    behind = meta.get("generation", 0) > status.get("observedGeneration", meta.get("generation", 0))
    late = behind or any((part["metadata"].get("labels") or {}).get(COMMIT) != commit for part in parts)
    if late and phase != "failed":
        phase = "syncing"
    application = f"{meta['namespace']}/{meta['name']}"
    return {"application": application, "revision": commit, "phase": phase, "message": _words(status)}


def _phase(status: Doc) -> str | None:
    if any(_is(status, name, value) for name, value in (("Stalled", "True"), ("Accepted", "False"))):
        return "failed"
    if status.get("gitJobStatus") == "Failed":
        return "failed"
    state = (status.get("display") or {}).get("state") or ("Ready" if _is(status, "Ready", "True") else "")
    counts = status.get("resourceCounts") or {}
    if state == "Modified" and (counts.get("missing") or counts.get("notReady")):
        return "degraded"
    return PHASES.get(state)


def _is(status: Doc, name: str, value: str) -> bool:
    return any(c.get("type") == name and c.get("status") == value for c in status.get("conditions") or ())


def _words(status: Doc) -> str:
    bad = [c for c in status.get("conditions") or () if c.get("message")]
    told = (status.get("display") or {}).get("message") or (bad[0]["message"] if bad else "")
    return str(told)[:500]


def _of(repo: Doc, bundles: Iterable[Doc]) -> list[Doc]:
    meta = repo["metadata"]
    key = (meta["namespace"], meta["name"])
    return [b for b in bundles if (b["metadata"]["namespace"], (b["metadata"].get("labels") or {}).get(REPO)) == key]


class Poster:
    """Posts what differs from what was posted last. After a start it posts everything once, which changes nothing."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._told: dict[str, dict[str, str]] = {}

    def tell(self, found: Iterable[dict[str, str]], at: dt.datetime) -> int:
        """Post the news of this moment, at most 100 at a time; how many. What could not be posted stays news."""
        news = [one for one in found if self._told.get(one["application"]) != one]
        for start in range(0, len(news), 100):
            some = news[start : start + 100]
            self._post([{**one, "at": at.isoformat()} for one in some])
            self._told |= {one["application"]: one for one in some}
        return len(news)

    def _post(self, body: list[dict[str, str]]) -> None:
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310
            pass


def listed(kind: str) -> list[Doc]:
    """All of a kind, as this pod's service account sees them. In pages: a Bundle may hold all that it deploys."""
    found: list[Doc] = []
    following = ""
    while True:
        page = _page(kind, following)
        found += [{"metadata": one["metadata"], "status": one.get("status")} for one in page["items"]]
        following = page["metadata"].get("continue") or ""
        if not following:
            return found


def _page(kind: str, following: str) -> Any:
    token = (ACCOUNT / "token").read_text().strip()
    trusted = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    query = urllib.parse.urlencode({"limit": 50, "continue": following})
    request = urllib.request.Request(f"{API}/{kind}?{query}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30, context=trusted) as answer:  # noqa: S310
        return json.load(answer)


def main() -> None:
    """Look every few seconds, until stopped. A look that fails is told on stderr, and the next one heals it."""
    poster = Poster(os.environ["SLACKOPS_URL"].rstrip("/") + "/webhooks/rollout", os.environ["ROLLOUT_WEBHOOK_SECRET"])
    pause = float(os.environ.get("POLL_SECONDS", "15"))
    while True:
        try:
            poster.tell(rollouts(listed("gitrepos"), listed("bundles")), dt.datetime.now(dt.UTC))
        except (OSError, ValueError, KeyError) as error:  # urllib's errors are OSErrors
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    main()
