"""Which statistic a feature is compared by, and its limit: as Evidently 0.7 does unless the policy says otherwise.

https://docs.evidentlyai.com/metrics/explainer_drift
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.drifting.measuring import FeatureRule, Method
from bot.domain.drifting.scoring import Way

THRESHOLDS: Mapping[str, float] = {
    "psi": 0.1,
    "ks": 0.05,
    "jensenshannon": 0.1,
    "wasserstein": 0.1,
    "chi_square": 0.05,
    "z": 0.05,
}
P_VALUES = frozenset({"ks", "chi_square", "z"})
FOR_NUMBERS = frozenset({"psi", "ks", "jensenshannon", "wasserstein"})
FOR_CATEGORIES = frozenset({"psi", "jensenshannon", "chi_square", "z"})
SMALL = 1000
"""Reference rows up to which tests are used; beyond, everything is significant, and distances say how much."""
FEW = 5
"""Different values up to which numbers are compared as categories are."""


def auto(reference: int, values: int, *, numeric: bool) -> str:
    """``reference`` rows without missing values; ``values``: different ones in both data sets together."""
    if numeric and values > FEW:
        return "ks" if reference <= SMALL else "wasserstein"
    if reference > SMALL:
        return "jensenshannon"
    return "chi_square" if values > 2 else "z"


def limit(method: str, rule: FeatureRule | None, thresholds: Mapping[str, float]) -> float:
    """The feature's own, else the run's for the method, else Evidently's."""
    if rule is not None and rule.threshold is not None:
        return rule.threshold
    return thresholds.get(method, THRESHOLDS[method])


def fits(method: Method, *, numeric: bool) -> bool:
    """Whether the statistic is one for such features."""
    return method == "auto" or method in (FOR_NUMBERS if numeric else FOR_CATEGORIES)


def drifted(method: str, value: float, threshold: float) -> bool:
    """At the limit a distance drifts, and so does a Kolmogorov-Smirnov test; the other tests do not."""
    if method == "ks":
        return value <= threshold
    return value < threshold if method in P_VALUES else value >= threshold


def way(method: str) -> Way:
    """How the score is reckoned."""
    return Way.P_VALUE if method in P_VALUES else Way.ABOVE
