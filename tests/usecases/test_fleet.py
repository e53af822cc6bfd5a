"""The fleet at a commit: the same as target by target, whatever changes from commit to commit."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Binding, Policy, parse_policy
from bot.domain.policy.layouts import Layout
from bot.errors import Refused
from bot.manifests import read
from bot.usecases.fleet import Fleet, FleetView
from bot.usecases.fleet_paths import LayoutPaths
from tests.fakes.checkout import FakeCheckout

POLICY = """version: 1
environments: {staging: {}, production: {aliases: [prod]}}
layouts:
  - files: ["models/{model}/{environment}.yaml", "common/{environment}.yaml"]
    at: "{model}.tag"
    value: "{version}"
  - files: ["models/{model}/{environment}.yaml"]
    at: tag
    value: "{version}"
    when_absent: "inherit:staging"
  - files: ["charts/{model}-{environment}/values.yaml"]
    at: "{model}.tag"
    value: "v{version}"
models:
  own:
    targets:
      production:
        - files: [own.yaml]
          set: [{at: tag, value: "{version}"}]
"""
OTHER = POLICY.replace('"v{version}"', '"w{version}"').replace("own:", "mine:")
FILES = {
    ".slackops.yaml": POLICY.encode(),
    "own.yaml": b"tag: '9'\n",
    "models/churn/staging.yaml": b"tag: '1'\n",
    "models/churn/production.yaml": b"replicas: 2\n",
    "models/ltv/production.yaml": b"replicas: 2\n",
    "charts/spam-staging/values.yaml": b"spam:\n  tag: v3\n",
    "README.md": b"tag: '7'\n",
}


class Counting(FakeCheckout):
    """Counts the blobs that are read."""

    read_blobs = 0

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        self.read_blobs += len(set(ids))
        return super().contents(ids)


def policy_at(checkout: FakeCheckout, commit: str) -> Policy:
    return parse_policy(checkout.read(commit, [".slackops.yaml"]))


def fleet_of(checkout: FakeCheckout) -> Fleet:
    return Fleet(checkout, lambda commit: policy_at(checkout, commit))


def agrees(view: FleetView, checkout: FakeCheckout, commit: str) -> None:
    """The view has what asking target by target gives."""
    policy, paths = policy_at(checkout, commit), checkout.paths(commit)
    models = {hit[0] for path in paths if (hit := policy.match_layout(path))} | set(policy.models)
    assert view.models == tuple(sorted(models))
    expected = {}
    for model in models:
        for stage in policy.environments:
            target = policy.target_for(model, stage.name, paths.__contains__)
            if target is not None:
                expected[model, stage.name] = target, read(target, checkout.read(commit, target.files))
    assert {key: (one.target, one.reading) for key, one in view.placed.items()} == expected


def test_every_target_and_what_holds_there() -> None:
    checkout = FakeCheckout(FILES)
    head = checkout.fetch()
    view = fleet_of(checkout).view(head)
    agrees(view, checkout, head)
    assert {key: one.holds and one.holds.version for key, one in view.placed.items()} == {
        ("churn", "staging"): "1",
        ("churn", "production"): "1",
        ("ltv", "production"): None,
        ("spam", "staging"): "3",
        ("own", "production"): "9",
    }
    assert view.placed["ltv", "production"].reading.state == "inherited"


def test_nothing_is_read_twice() -> None:
    checkout = Counting(FILES)
    fleet = fleet_of(checkout)
    first = fleet.readings(checkout.fetch())
    before = checkout.read_blobs
    assert fleet.readings(checkout.head()) == first
    assert checkout.read_blobs == before
    moved = checkout.change("main", {"models/churn/staging.yaml": b"tag: '2'\n", "README.md": b"x"})
    checkout.fetch()
    assert fleet.readings(moved)["churn", "production"].holds == fleet.readings(moved)["churn", "staging"].reading
    assert checkout.read_blobs == before + 1
    assert fleet.readings(checkout.commits[moved].parents[0]) == first


CHANGES: list[dict[str, bytes | None]] = [
    {"models/churn/staging.yaml": b"tag: '5'\n"},
    {"models/churn/staging.yaml": None},
    {"models/churn/production.yaml": b"tag: '4'\n"},
    {"models/new/staging.yaml": b"tag: '1'\n", "models/new/production.yaml": b"tag: '1'\n"},
    {"models/new/staging.yaml": None, "models/new/production.yaml": None},
    {"common/production.yaml": b"churn: {tag: '5'}\nltv: {tag: '6'}\n"},
    {"common/production.yaml": None},
    {"common/staging.yaml": b"churn: {tag: '5'}\n", "models/churn/staging.yaml": b"churn:\n  tag: '5'\n"},
    {"own.yaml": None},
    {"own.yaml": b"tag: [1]\n"},
    {"charts/spam-staging/values.yaml": b"spam: {tag: v4}\n", "charts/a-b-staging/values.yaml": b"a-b: {tag: v1}\n"},
    {"charts/spam-staging/values.yaml": None},
    {".slackops.yaml": OTHER.encode()},
    {".slackops.yaml": POLICY.encode(), "README.md": b"y"},
    {"models/churn/deep/staging.yaml": b"1", "models/ bad/staging.yaml": b"1", "x/models/z/staging.yaml": b"1"},
    {"README.md": b"x"},
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_brought_forward_is_the_same_as_afresh(changes: list[dict[str, bytes | None]], dice: object) -> None:
    checkout = FakeCheckout(FILES)
    fleet, commits = fleet_of(checkout), [checkout.fetch()]
    for change in changes:
        commits.append(checkout.change("main", change))
        agrees(fleet.view(commits[-1]), checkout, commits[-1])
        some = commits[getattr(dice, "randrange")(len(commits))]  # noqa: B009
        agrees(fleet.view(some), checkout, some)


def test_a_policy_that_is_broken_is_said_until_it_is_mended() -> None:
    checkout = FakeCheckout(FILES)
    fleet = fleet_of(checkout)
    first = fleet.readings(checkout.fetch())
    broken = checkout.change("main", {".slackops.yaml": b"version: [", "models/churn/staging.yaml": b"tag: '2'\n"})
    for _ in range(2):
        with pytest.raises(Refused):
            fleet.readings(broken)
    mended = checkout.change("main", {".slackops.yaml": POLICY.encode()})
    assert fleet.readings(mended)["churn", "staging"].reading.version == "2"
    assert fleet.readings(checkout.head()) == first


def test_threads_see_whole_views() -> None:
    checkout = FakeCheckout(FILES)
    fleet, commits = fleet_of(checkout), [checkout.fetch()]
    commits += [checkout.change("main", {"models/churn/staging.yaml": b"tag: '%d'\n" % n}) for n in range(2, 12)]
    with ThreadPoolExecutor(4) as pool:
        views = list(pool.map(lambda n: fleet.readings(commits[n % 11]), range(80)))
    assert [view["churn", "staging"].reading.version for view in views] == [str(n % 11 + 1) for n in range(80)]


PATHS = st.lists(st.sampled_from(["models", "charts", "common", "a", "a-staging", "staging.yaml", "production.yaml",
                                  "values.yaml", " x", "é", "x" * 101, "-staging", "a-b-production"]), min_size=1,
                 max_size=4).map("/".join)  # fmt: skip
PATTERNS = [
    *("models/{model}/{environment}.yaml", "{model}/{environment}.yaml", "charts/{model}-{environment}/values.yaml"),
    *("{model}/{model}-{environment}/values.yaml", "{environment}/{model}", "models/{environment}.yaml"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3, unique=True), PATHS)
def test_paths_are_matched_as_the_policy_matches_them(patterns: list[str], path: str) -> None:
    files = [(one, "models/{model}/x") for one in patterns]
    layouts = tuple(Layout(tuple(Binding(file, None, "a", "{version}") for file in two)) for two in files)
    policy = replace(parse_policy({".slackops.yaml": POLICY.encode()}), layouts=layouts)
    hit = policy.match_layout(path)
    assert LayoutPaths(policy).model(path) == (hit[0] if hit else None)
