"""Whatever stands in a policy file: a policy, or PolicyInvalid, and nothing else."""

from __future__ import annotations

import contextlib

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.policy import PolicyInvalid, parse_policy
from bot.domain.policy.explain import known_keys

_PIECES = [*"abkv:- \n\t{}[]&*!|>'\"#,?%@`~=<.019é😀\r\u2028", "---\n", "&a ", "*a", "<<: ", "- ", "{{ .Values.x }}"]
_PIECES += ["version: 1\n", "environments:\n", "  staging:\n", "models: ", "layouts: ", "!!str ", "? ", ": ", "\ufeff"]
soup = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join).map(str.encode)
KEYS = sorted(
    {
        *known_keys(()),
        *known_keys(("environments", "p")),
        *known_keys(("environments", "p", "gates", 0)),
        *known_keys(("models", "m")),
        *known_keys(("layouts", 0)),
        *known_keys(("layouts", 0, "set", 0)),
        *known_keys(("layouts", 0, "rollback")),
        *known_keys(("models", "m", "vars", "b")),
        "p",
    }
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["1h", "2%", "{version}", "#a", "regex", "(?P<value>[ab]+)", "inherit:p", "block", "[0-9]+"]),
)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
).map(lambda tree: yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))


def _parse(files: dict[str, bytes]) -> None:
    with contextlib.suppress(PolicyInvalid):
        parse_policy(files)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), soup, trees), st.one_of(st.just(b""), soup, trees))
def test_nothing_but_a_policy_or_its_faults(first: bytes, second: bytes) -> None:
    _parse({".slackops.yaml": first, ".slackops/x.yaml": second})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), trees.map(yaml.safe_load), max_size=6))
def test_known_keys_with_anything_behind_them(data: dict[str, object]) -> None:
    _parse({".slackops.yaml": yaml.safe_dump(data, allow_unicode=True).encode("utf-8", "replace")})


def test_known_keys_come_from_the_schema() -> None:
    assert "from" in known_keys(("environments", "p", "approvals"))
    assert "at" in known_keys(("models", "m", "targets", "p", 0, "set", 0))
    assert known_keys(("nowhere", 3)) == []
