"""Every statistic beside scipy's, to four digits and more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from bot.adapters.measuring import binned, kolmogorov, kolmogorov_one, probabilities, sampled

RANDOM = np.random.RandomState(7)
SAMPLES: dict[str, tuple[Any, Any]] = {
    "normal": (RANDOM.normal(0, 1, 400), RANDOM.normal(0.1, 1, 400)),
    "other_size": (RANDOM.normal(0, 1, 300), RANDOM.normal(0.2, 2, 451)),
    "far_apart": (RANDOM.normal(0, 1, 300), RANDOM.normal(50, 1, 200)),
    "ties": (RANDOM.randint(0, 9, 500) * 1.0, RANDOM.randint(0, 9, 350) * 1.0),
    "constants": (np.full(40, 3.0), np.full(70, 3.0)),
    "two_constants": (np.full(40, 3.0), np.full(70, 4.0)),
    "one_row": (RANDOM.normal(0, 1, 90), np.array([0.3])),
    "one_and_one": (np.array([1.0]), np.array([2.0])),
    "huge": (RANDOM.normal(1e200, 1e199, 300), RANDOM.normal(1.1e200, 1e199, 250)),
    "tiny": (RANDOM.normal(0, 1e-200, 300), RANDOM.normal(0, 2e-200, 300)),
    "long": (RANDOM.exponential(2, 12_000), RANDOM.exponential(2.05, 11_000)),
    "long_and_short": (RANDOM.exponential(2, 15_000), RANDOM.exponential(2.3, 120)),
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_distances_are_scipys(name: str) -> None:
    one, other = map(np.sort, SAMPLES[name])
    far = sampled.ks_distance(one, other)
    told = stats.ks_2samp(one, other)
    assert far == pytest.approx(told.statistic, rel=1e-12)
    area = stats.wasserstein_distance(one, other)
    assert sampled.wasserstein(one, other) == pytest.approx(area, rel=1e-9, abs=1e-300)
    assert kolmogorov.p_value(far, len(one), len(other)) == pytest.approx(told.pvalue, rel=1e-5, abs=1e-14)


@pytest.mark.parametrize("rows", [(50, 50), (500, 500), (9_000, 9_000), (400, 20_000), (30_000, 20_000)])
@pytest.mark.parametrize("share", [0.3, 0.8, 1.0, 1.3, 1.8, 3.0])
def test_p_values_of_every_size_are_scipys(rows: tuple[int, int], share: float) -> None:
    n, m = rows
    whole = np.lcm(n, m)
    d = max(1, round(share * np.sqrt((n + m) / (n * m)) * whole)) / whole
    told = stats.ks_2samp(*_apart(n, d)).pvalue if n == m else stats.kstwo.sf(d, round(n * m / (n + m)))
    assert kolmogorov.p_value(d, n, m) == pytest.approx(told, rel=1e-4, abs=1e-12)


def _apart(n: int, d: float) -> tuple[Any, Any]:
    """Two samples of n rows at this distance: the first so many of one lie before all of the other."""
    steps = round(d * n)
    base = np.arange(n) * 2.0
    return base, base + 2.0 * steps - 1.0


@pytest.mark.parametrize("n", [1, 2, 7, 60, 139, 141, 1_000, 20_000])
@pytest.mark.parametrize("z", [0.1, 0.45, 0.7, 1.0, 1.358, 1.55, 2.2, 4.0, 9.0])
def test_the_one_sample_distribution_is_scipys(n: int, z: float) -> None:
    d = min(z / np.sqrt(n), 1.0)
    assert kolmogorov_one.survival(n, d) == pytest.approx(stats.kstwo.sf(d, n), rel=1e-4, abs=1e-12)


def test_the_expansion_for_very_many_rows_is_scipys() -> None:
    n, z = kolmogorov_one.MOST_SUMMED + 1, 1.7
    d = z / np.sqrt(n)
    assert kolmogorov_one.survival(n, d) == pytest.approx(stats.kstwo.sf(d, n), rel=3e-5)


@pytest.mark.parametrize("moved", [0.035, 0.04, 0.045])
def test_paths_are_counted_where_the_limit_is_near(moved: float) -> None:
    one, other = np.linspace(0, 1, 1_000), np.linspace(0, 1, 7_000) + moved
    told = stats.ks_2samp(one, other)
    assert 0.05 / 3 < told.pvalue < 0.35
    exact = kolmogorov.p_value(told.statistic, 1_000, 7_000, told.pvalue)
    assert exact == pytest.approx(told.pvalue, rel=1e-9)
    far = kolmogorov.p_value(told.statistic, 1_000, 7_000, told.pvalue / 10)
    assert far != exact
    assert far == pytest.approx(exact, rel=0.03)


COUNTS = {
    "plain": ([30, 40, 30], [25, 45, 33]),
    "empty_bins": ([50, 0, 20, 0], [0, 40, 30, 0]),
    "one": ([7], [9]),
    "two": ([60, 40], [70, 65]),
    "rare": ([100_000, 1, 3], [100_000, 30, 0]),
    "large": ([10_000_000, 20_000_000], [10_010_000, 20_000_000]),
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_counts_are_compared_as_scipy_does(name: str) -> None:
    one, other = (np.array(side, float) for side in COUNTS[name])
    assert binned.jensen_shannon(one, other) == pytest.approx(distance.jensenshannon(one, other), rel=1e-9, abs=1e-8)
    there = (one > 0) | (other > 0)
    one, other = one[there], other[there]
    expected = one * other.sum() / one.sum()
    if (expected > 0).all():
        told = stats.chisquare(other, expected).pvalue
        assert binned.chi_square(one, other) == pytest.approx(1.0 if np.isnan(told) else told, rel=1e-6)
    else:
        assert binned.chi_square(one, other) == 0.0


@given(st.floats(0.001, 3_000), st.integers(1, 2_000))
@settings(max_examples=60, deadline=None)
def test_tails_are_scipys(value: float, freedom: int) -> None:
    assert probabilities.chi_square(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-6, abs=1e-13)


@given(st.floats(-30, 30))
def test_both_tails_of_the_normal_are_scipys(z: float) -> None:
    assert probabilities.two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)


@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize(("low", "high", "rows"), [(0, 5, 30), (0, 100, 900), (-3, 60, 20_000), (5, 26, 40)])
def test_bins_are_numpys(low: int, high: int, rows: int, *, integers: bool) -> None:
    values = np.linspace(low, high, rows)
    values = np.round(values).astype(np.int64) if integers else values
    told = np.histogram_bin_edges(values, "sturges")
    ours = binned.edges(float(values.min()), float(values.max()), rows, integers=integers)
    assert ours == pytest.approx(told)
    counts = np.histogram(values, told)[0]
    assert binned.in_bins(np.sort(values.astype(float)), ours).tolist() == counts.tolist()


def test_an_empty_bin_weighs_as_little_as_evidently_says() -> None:
    """https://github.com/evidentlyai/evidently: `get_binned_data` fills zeros with 0.0001, or a millionth of the
    smallest share where that is smaller."""
    assert binned.psi(np.array([50.0, 50.0]), np.array([100.0, 0.0])) == pytest.approx(
        (0.5 - 1.0) * np.log(0.5) + (0.5 - 1e-4) * np.log(0.5 / 1e-4)
    )
