"""The comparison in a pull request: bounded, escaped, and the same until something is known to be different."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparison_about import registered
from bot.domain.comparison_words import END, comparison_text, told_before
from bot.domain.facts import DatasetInput
from tests.domain.comparing_facts import COMMITS, DAY, INTENT, NEW, OLD, told

NASTY = "a|b <!-- slackops:end -->\n# @all [x](http://evil) `"


def test_everything_that_a_reviewer_wants():
    text = comparison_text(told())
    for part in (
        "| **roc\\_auc** (primary) | 0.941 | 0.948 | \\+0.007 \\(\\+0.74%\\) | ▲ better |",
        "- depth: 6 → 8",
        "| train \\(training\\) | d1 | d2 | changed |",
        "| eval \\(eval\\) | e1 | e1 | same |",
        "[7 commits between them](https://forge.example/acme/training/compare/a...b)",
        "- and 2 more",
        "Now required, 1 input: country \\(string\\).",
        "- scikit\\-learn: ==1.3.0 → ==1.4.2",
        "42 was registered on 2023\\-11\\-17, 3 days after 41.",
        "Owners: slack:@",
        "Elsewhere: staging 42, canary –.",
    ):
        assert part in text, text
    assert text.endswith(END)


def test_where_the_forge_listed_only_the_oldest_none_is_called_the_newest():
    text = comparison_text(told(commits=replace(COMMITS, ahead=150)))
    assert "[150 commits between them]" in text
    assert "Subject" not in text


def test_what_was_not_asked_for_in_a_hurry_is_not_forgotten():
    """Somebody breaks the glass of a change that was told of at leisure."""
    before = comparison_text(told())
    assert comparison_text(replace(told(requirements=None, commits=None), deep=False), before) == before


def test_a_name_does_not_turn_the_numbers_around():
    text = comparison_text(told(replace(NEW, metrics={"roc_auc\u202e": 0.9, "a\u2067b": 0.5})))
    assert not {"\u202e", "\u2067"} & set(text)


def test_the_newest_commits_are_shown():
    text = comparison_text(told())
    assert "Subject 7" in text
    assert "Subject 3" in text
    assert "Subject 2" not in text


@pytest.mark.parametrize(
    ("turned", "words"),
    [
        ({"status": "behind", "ahead": 0, "behind": 3, "commits": ()}, "An older commit: it lacks 3"),
        ({"status": "diverged", "behind": 2}, "7 commits that the deployed one has not, and it lacks 2"),
        ({"ahead": 1}, "1 commit between them"),
    ],
)
def test_how_the_commits_stand(turned, words):
    assert words in comparison_text(told(commits=replace(COMMITS, **turned)))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x/)](http://evil", "https://x y"])
def test_a_strange_address_is_no_link(url):
    assert url not in comparison_text(told(commits=replace(COMMITS, url=url)))


def test_the_first_version_has_nothing_beside_it():
    text = comparison_text(told(NEW, None, intent=replace(INTENT, frm=None), requirements=None, commits=None))
    assert "| **roc\\_auc** (primary) | 0.948 |" in text
    assert "new" not in text.replace("| new | 5 |", "")
    assert "does not tell" not in text


def test_thousands_of_metrics_are_bounded():
    many = {f"metric_{n:05}": float(n) for n in range(5_000)}
    text = comparison_text(told(replace(NEW, metrics=many), replace(OLD, metrics={k: v + 1 for k, v in many.items()})))
    assert "and 4970 more." in text
    assert len(text) < 12_000


def test_everything_huge_fits_into_a_body():
    wide = {f"{n:04}{'x' * 240}": "y" * 5_000 for n in range(1_000)}
    sets = tuple(DatasetInput("n" * 500 + str(n), "d" * 500, "c" * 500) for n in range(300))
    new = replace(NEW, metrics=dict.fromkeys(wide, 1.5), params=wide, datasets=sets)
    lines = tuple(f"lib{n}=={'9' * 300}" for n in range(500))
    assert len(comparison_text(told(new, OLD, requirements=((), lines)))) < 30_000


def test_nothing_in_it_formats_or_mentions():
    new = replace(NEW, metrics={NASTY: 1.0}, params={NASTY: NASTY}, datasets=(DatasetInput(NASTY, NASTY, NASTY),))
    commit = replace(COMMITS.commits[0], subject=NASTY, author=NASTY)
    text = comparison_text(told(new, commits=replace(COMMITS, commits=(commit,)), requirements=((), (NASTY,))))
    assert text.count(END) == 1
    assert "@all" not in text
    assert "http://evil" not in text
    assert all(line.count("|") - line.count("\\|") in (0, 5, 6) for line in text.splitlines())


SILENT = {
    "registry": (told(None, None, requirements=None, commits=None), {"metrics", "params", "data", "commits", "about"}),
    "forge": (told(commits=None, missing=("commits",)), {"commits"}),
    "artifacts": (told(requirements=None, missing=("requirements",)), {"libraries"}),
    "deployed": (told(NEW, None, requirements=None, commits=None), {"metrics", "params", "data", "commits"}),
}


def parts_of(text: str) -> dict[str, str]:
    return dict(re.findall(r"<!-- slackops:(\w+):\w+ -->\n(.*?)\n\n(?=<!--)", text, re.DOTALL))


@pytest.mark.parametrize("who", SILENT)
def test_what_was_known_stays_while_somebody_is_silent(who):
    silent, kept = SILENT[who]
    before = comparison_text(told())
    body = f"Head\n\n{before}\n\nTail".replace("\n", "\r\n")
    assert comparison_text(silent, body) == before
    assert kept <= parts_of(before).keys()
    assert comparison_text(told(), comparison_text(silent, body)) == before


@pytest.mark.parametrize("who", SILENT)
def test_silence_from_the_start_is_said_and_stays_the_same(who):
    silent, _ = SILENT[who]
    first = comparison_text(silent)
    assert "could not" in first or "does not tell" in first
    assert comparison_text(silent, first) == first
    assert comparison_text(told(), first) == comparison_text(told())


def test_a_look_that_can_compare_nothing_keeps_it_whole():
    before = comparison_text(told())
    assert told_before(f"Head\n\n{before}\n\nTail".replace("\n", "\r\n")) == before
    assert told_before("Head") == ""


@pytest.mark.parametrize(
    "filler", ["\n" * 60_000, "<!-- slackops:" * 4_000, "<!-- slackops:a:0123456789ab -->\n" * 1_500]
)
def test_no_body_takes_long_to_read(filler):
    """Quadratic work on these would take longer than the test may."""
    body = f"<!-- slackops:metrics:0123456789ab -->\n{filler}"
    assert comparison_text(told(), body) == comparison_text(told())
    assert told_before(body) == ""


def test_what_was_told_of_other_versions_is_not_kept():
    before = comparison_text(told())
    later = comparison_text(told(None, None, intent=replace(INTENT, to="43")), before)
    assert "could not be asked about 43" in later
    assert "0.948" not in later


@given(st.text(max_size=400))
def test_any_body_can_be_read(body):
    assert comparison_text(told(), body) == comparison_text(told())


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (10 * DAY, 7 * DAY, "42 was registered on 1970-01-11, 3 days after 41."),
        (7 * DAY, 10 * DAY, "42 was registered on 1970-01-08, 3 days before 41."),
        (7 * DAY + 7_200, 7 * DAY, "42 was registered on 1970-01-08, 2 hours after 41."),
        (7 * DAY + 5, 7 * DAY, "42 was registered on 1970-01-08, less than an hour after 41."),
        (7 * DAY, None, "42 was registered on 1970-01-08."),
        (None, 7 * DAY, ""),
        (float("nan"), 1.0, ""),
        (1e18, 1.0, ""),
    ],
)
def test_ages_are_dates(now, before, words):
    assert registered(replace(told(), created_at=now, created_before=before)) == words
