"""The typed values of a policy: names, slugs, durations, percentages, dates, selectors, templates, directions."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bot.domain.policy import Regression, slug, validate_name
from bot.domain.policy.metrics import greater_is_better
from bot.domain.policy.selectors import Index, Key, Match, Selector, parse_selector, selector_text
from bot.domain.policy.templates import parse_template, variables
from bot.domain.policy.values import DateRange, Share, parse_dates, parse_duration, parse_regression, parse_share
from bot.errors import Reason, Refused


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("model", "fraud-detector"),
        ("model", "prod.ltv"),
        ("model", "Churn model v2"),
        ("model", "Umsatzmodell_ä"),
        ("version", "42"),
        ("version", "104.1.0+up57.0.3"),
        ("version", "latest"),
        ("environment", "eu-1.prod"),
    ],
)
def test_names(kind, text: str) -> None:
    assert validate_name(kind, text) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [("model", bad) for bad in ["", "<!channel>", "../../etc", "a/b", "a:b", "-rf", ".git", " a", "a ", "a  b", "a..b"]]
    + [("model", bad) for bad in ["a\x00", "a\u202eb", "a\u200bb", "a" * 101, "a*b", "`a`", "e\u0301", "a{model}"]]
    + [("version", bad) for bad in ["4 2", "@champion", "", "٤٢", "1/2"]]
    + [("environment", bad) for bad in ["a b", "ä", "a/b", "{model}"]],
)
def test_no_names(kind, text: str) -> None:
    with pytest.raises(Refused) as caught:
        validate_name(kind, text)
    assert caught.value.reason is Reason.INVALID_NAME
    assert "letters, digits" in (caught.value.unblock or "")
    assert caught.value.message.replace("…", "").isascii()


@pytest.mark.parametrize("text", ["fraud-detector", "42", "prod.ltv", "a_b"])
def test_a_slug_leaves_alone_what_a_ref_may_hold(text: str) -> None:
    assert slug(text) == text


@given(st.text(max_size=200))
def test_a_slug_is_safe_in_a_ref(text: str) -> None:
    made = slug(text)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not made.startswith((".", "-"))
    assert not made.endswith((".", ".lock"))
    assert ".." not in made
    assert len(made) <= 80


@given(st.lists(st.text(alphabet="aAbB -/.é0", min_size=1, max_size=6), unique=True, min_size=2, max_size=30))
def test_two_texts_never_share_a_slug(texts: list[str]) -> None:
    slugs = [slug(text) for text in texts]
    assert len(set(slugs)) == len(slugs)
    assert len({slug(one) for one in slugs} | set(slugs)) >= len(slugs)


@pytest.mark.parametrize("text", ["a.lock", "x.lock.lock", "A b", "~^:?*[", "@{", "..", "é"])
def test_git_takes_a_slug(text: str) -> None:
    ref = f"refs/heads/slackops/promote/{slug(text)}"
    assert subprocess.run(["git", "check-ref-format", ref], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("15m", 900), ("24h", 86400), ("7d", 604800), ("1h30m", 5400), ("2w", 1209600)]
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_regression, "1%", Regression(1.0, True)),
        (parse_regression, "0.5 %", Regression(0.5, True)),
        (parse_regression, "0.005", Regression(0.005, False)),
        (parse_dates, "2026-12-20/2027-01-02", DateRange(dt.date(2026, 12, 20), dt.date(2027, 1, 2))),
        (parse_dates, "2026-12-20", DateRange(dt.date(2026, 12, 20), dt.date(2026, 12, 20))),
        (parse_share, "2 of 3", Share(2, 3)),
    ],
)
def test_other_values(parse, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [(parse_duration, bad) for bad in ["", "15", "h", "1.5h", "-1h", "999999w", "1h "]]
    + [(parse_regression, bad) for bad in ["", "%", "-1%", "1e3", "one"]]
    + [(parse_dates, bad) for bad in ["", "2026-13-01", "2027-01-01/2026-01-01", "tomorrow"]]
    + [(parse_share, bad) for bad in ["", "3 of 2", "0 of 3", "2/3"]],
)
def test_values_that_are_none(parse, text: str) -> None:
    with pytest.raises(PydanticCustomError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a.b", (Key("a"), Key("b"))),
        ('metadata.annotations."acme.io/build"', (Key("metadata"), Key("annotations"), Key("acme.io/build"))),
        ('"https://x.y/z w"', (Key("https://x.y/z w"),)),
        ("containers[name=main].image", (Key("containers"), Match(("name",), "main"), Key("image"))),
        ("l[metadata.name=x][0]", (Key("l"), Match(("metadata", "name"), "x"), Index(0))),
        ("[path=/metadata/annotations/x~1y].value", (Match(("path",), "/metadata/annotations/x~1y"), Key("value"))),
        ('[name="a]b"]', (Match(("name",), "a]b"),)),
        (r'["a.b"="say \"x\""]', (Match(("a.b",), 'say "x"'),)),
    ],
)
def test_selectors(text: str, steps: Selector) -> None:
    assert parse_selector(text) == steps
    assert parse_selector(selector_text(steps)) == steps


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "a[", "a[]", "a[k=]", "a b", 'a"b"', "[-1]", "a.[0]", "a]"])
def test_selectors_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|characters"):
        parse_selector(text)


keys = st.text(min_size=1, max_size=8)
steps_of = st.one_of(
    st.builds(Key, keys), st.builds(Index, st.integers(0, 99)), st.builds(Match, st.tuples(keys, keys), keys)
)


@given(st.lists(steps_of, min_size=1, max_size=5).map(tuple))
def test_a_selector_is_written_so_that_it_reads_the_same(steps: Selector) -> None:
    assert parse_selector(selector_text(steps)) == steps


def test_template_variables() -> None:
    text = "s3://{environment}/{model}/{experiment_id}/models/{model_id}/{tags.image build}"
    with pytest.raises(ValueError, match="unknown variable"):
        parse_template(text)
    assert variables("s3://{environment}/{experiment_id}/models/{model_id}:{tags.a.b}") == {
        "experiment_id",
        "model_id",
        "tags.a.b",
    }


@pytest.mark.parametrize("text", ["{version}{run_id}", "{version}-{run_id}", "{version}-{model}-{run_id}"])
def test_a_template_that_would_read_in_two_ways(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be told apart"):
        parse_template(text)


@pytest.mark.parametrize("text", ["", "{", "a}", "{}", "{versoin}", "a\nb", "x" * 2000, "{version}/" * 20])
def test_templates_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"template|brace|unknown|variables"):
        parse_template(text)


@pytest.mark.parametrize("metric", ["roc_auc", "val_accuracy", "f1_score_macro", "recall_by_segment.*", "test/auc"])
def test_more_is_better(metric: str) -> None:
    assert greater_is_better(metric) is True


@pytest.mark.parametrize("metric", ["log_loss", "val_loss", "training_rmse", "mean_squared_error", "brier_score_loss"])
def test_less_is_better(metric: str) -> None:
    assert greater_is_better(metric) is False


def test_a_negated_loss_turns_round() -> None:
    assert greater_is_better("neg_log_loss") is True


@pytest.mark.parametrize("metric", ["profit", "accuracy_drop", "precision_loss", "", "loss_ratio", "auc_change"])
def test_what_is_not_known_is_not_guessed(metric: str) -> None:
    assert greater_is_better(metric) is None
