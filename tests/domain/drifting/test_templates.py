"""Paths with {model} and {environment} left open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.drifting.templates import as_glob, filled, fixed_part, matches, names_in

T = "/d/{model}/{environment}/*.json"


@pytest.mark.parametrize(
    ("template", "path", "names"),
    [
        (T, "/d/fraud/prod/1.json", {"model": "fraud", "environment": "prod"}),
        (T, "/d/a b+(1)/prod/1.json", {"model": "a b+(1)", "environment": "prod"}),
        (T, "/d/fraud/prod/1.txt", None),
        (T, "/d/fraud/prod/deep/1.json", None),
        (T, "/d//prod/1.json", None),
        ("/d/**/{model}.json", "/d/a/b/fraud.json", {"model": "fraud"}),
        ("/d/**/{model}.json", "/d/fraud.json", {"model": "fraud"}),
        (
            "/d/{model}-{environment}.json",
            "/d/fraud-detector-prod.json",
            {"model": "fraud-detector", "environment": "prod"},
        ),
        ("/d/{model}/{model}.json", "/d/a/a.json", {"model": "a"}),
        ("/d/{model}/{model}.json", "/d/a/b.json", None),
        ("/d", "/d/x.json", {}),
        ("/d/", "/d/x.json", {}),
        ("/d", "/d/x/y.json", None),
        ("/d.json", "/dxjson", None),
        ("s3://b/{model}/?.json", "s3://b/m/1.json", {"model": "m"}),
    ],
)
def test_what_a_path_says(template: str, path: str, names: dict[str, str] | None) -> None:
    assert names_in(template, path) == names
    assert matches(as_glob(template, {}), path) or names is None


@pytest.mark.parametrize(
    ("template", "fixed"),
    [(T, "/d"), ("*.json", "."), ("/*.json", "/"), ("a/b.json", "a/b.json"), ("s/{model}/x", "s"), ("d/x*/y", "d")],
)
def test_what_is_in_front_of_what_is_open(template: str, fixed: str) -> None:
    assert fixed_part(template) == fixed


NAME = st.text(alphabet="abcÄ0 ._-+@(),=", min_size=1, max_size=12)


@settings(deadline=None)
@given(NAME, NAME)
def test_what_was_filled_in_is_read_back(model: str, environment: str) -> None:
    names = {"model": model, "environment": environment}
    path = filled("/d/{environment}/{model}/r.json", names)
    assert names_in("/d/{environment}/{model}/r.json", path) == names
    assert names_in("/d/{environment}/{model}/*.json", path) == names
