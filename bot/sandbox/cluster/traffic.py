"""Who answers the requests: the shares of the versions, as KServe on Knative divides them."""

from __future__ import annotations

Shares = dict[str, int]  # version: percent of the requests; together 100, or nothing answers


def split(version: str | None, percent: int, stable: str | None) -> Shares:
    """What a manifest asks for: ``version`` has ``percent``, and the last version that had everything has the rest.

    With no version before, or with the same one, this one has everything, whatever the percent.
    """
    if version is None or stable in (None, version):
        return {version: 100} if version else {}
    shares = {version: percent, str(stable): 100 - percent}
    return {name: share for name, share in shares.items() if share}
