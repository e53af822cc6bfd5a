"""The statistics by which monitors compare data, by the names that their reports use."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.drifting.scoring import Way


@dataclass(frozen=True)
class Method:
    """Which side of the limit is bad, and whether the limit itself is."""

    way: Way
    inclusive: bool = False


_P, _P_AT = Method(Way.P_VALUE), Method(Way.P_VALUE, inclusive=True)
_DISTANCE, _DISTANCE_AT = Method(Way.ABOVE), Method(Way.ABOVE, inclusive=True)

# As Evidently 0.7 judges, by the id that people write and by the name that it shows: src/evidently/legacy/calculations
# /stattests of https://github.com/evidentlyai/evidently. Several tests give a p-value without saying so.
_METHODS = {
    "anderson": _P,
    "anderson-darling": _P,
    "chisquare": _P,
    "chi_square": _P,
    "chi-square p_value": _P,
    "cramer_von_mises": _P_AT,
    "cramer-von mises": _P_AT,
    "ed": _DISTANCE,
    "energy-distance": _DISTANCE,
    "empirical_mmd": _P,
    "es": _P,
    "epps-singleton": _P,
    "fisher_exact": _P,
    "fisher's exact test": _P,
    "g_test": _P,
    "hellinger": _DISTANCE_AT,
    "hellinger distance": _DISTANCE_AT,
    "jensenshannon": _DISTANCE_AT,
    "jensen_shannon": _DISTANCE_AT,
    "jensen-shannon distance": _DISTANCE_AT,
    "kl_div": _DISTANCE_AT,
    "kullback-leibler divergence": _DISTANCE_AT,
    "ks": _P_AT,
    "k-s p_value": _P_AT,
    "mannw": _P,
    "mann-whitney u-rank test": _P,
    "psi": _DISTANCE_AT,
    "t_test": _P,
    "tvd": _P,
    "total-variation-distance": _P,
    "wasserstein": _DISTANCE_AT,
    "wasserstein distance (normed)": _DISTANCE_AT,
    "z": _P,
    "z-test p_value": _P,
    "abs_text_content_drift": _DISTANCE,
    "absolute text content drift": _DISTANCE,
}


def method_of(name: str) -> Method | None:
    """What is known of a statistic; None for one that nobody here knows, whose limit says nothing of its side."""
    folded = name.strip().casefold()
    found = _METHODS.get(folded)
    if found is None and folded.replace("-", "_").replace(" ", "_").endswith(("p_value", "pvalue")):
        return _P
    return found
