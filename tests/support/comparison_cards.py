"""Any comparison, for hypothesis."""

from __future__ import annotations

import hypothesis.strategies as st

from bot.domain.compared import Compared, ComparedCommit
from bot.domain.comparison import Changed, Comparison, Elsewhere, MetricDelta
from bot.domain.comparison_card import ComparisonCard
from bot.domain.facts import DatasetInput


def comparison_cards(
    text: st.SearchStrategy[str], word: st.SearchStrategy[str], url: st.SearchStrategy[str]
) -> st.SearchStrategy[ComparisonCard]:
    """Cards of such words."""

    def some(one: st.SearchStrategy[object], most: int = 6) -> st.SearchStrategy[object]:
        return st.lists(one, max_size=most).map(tuple)

    number = st.none() | st.floats()
    metric = st.builds(MetricDelta, text, number, number, number, number, st.none() | st.booleans(), st.booleans())
    changed = st.builds(Changed, text, st.none() | text, st.none() | text)
    data = st.builds(DatasetInput, text, text, st.none() | text)
    status = st.sampled_from(["ahead", "behind", "identical", "diverged"])
    commits = st.builds(
        Compared, word, word, status, st.integers(0, 9), st.integers(0, 9), url,
        some(st.builds(ComparedCommit, word, text, text)),
    )  # fmt: skip
    comparison = st.builds(
        Comparison,
        text,
        word,
        st.none() | word,
        word,
        st.booleans(),
        some(metric, 40),
        some(changed, 20),
        some(data, 12),
        some(data, 12),
        some(changed, 20),
        st.none() | word,
        st.none() | word,
        st.none() | commits,
        some(text, 8),
        some(st.builds(Elsewhere, word, st.none() | word), 12),
        some(word, 12),
        number,
        number,
        st.lists(st.sampled_from(["candidate", "deployed", "commits", "requirements"]), unique=True).map(tuple),
    )
    return st.builds(ComparisonCard, comparison, url)
