"""Whatever stands in the files of a fleet, and whatever its models are called: the fast way says what `read` says."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Binding, DocSelector
from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import Declared, Format
from bot.errors import Refused
from bot.manifests import read
from bot.manifests.fleet import FleetReader
from bot.manifests.fleet_lane import Lane

# Ordinary names; then others' prefixes, YAML's own words, numbers, parts of the texts below.
NAMES = ["fraud", "churn-x", "ltv2", "rank.v", "prod", "qa"]
ODD_NAMES = [
    *("a", "b", "1", "2", "17", "null", "l", "true", "kind", "name", "version", "tag", "x.y", "a-b", "ab", "aa", "aab"),
    *("production", "Σ", "a b", "if", "YAML", "value", "model", "0x1", "1e3", "s3", "text", "x", "m", "raud", "nul"),
]
# A value template, and values: what it makes, and what it does not.
SAYINGS = [
    ("{version}", ["1", "42", "7.1.3", "'7'", '"7"', "v1", "{m}", "{m}1", "nu{m}", "0{m}", "{e}2"]),
    ("s3://m/{model}/{version}", ["s3://m/{m}/3", '"s3://m/{m}/4"', "s3://m/{m}/{m}", "s3://m/{e}/3", "s3://m/x/3"]),
    ("{environment}-{model}:{run_id}", ["{e}-{m}:abc", "'{e}-{m}:{m}'", "{m}-{e}:abc", "x-{m}:abc"]),
    ("{model}", ["{m}", "{e}"]),
    ("v{tags.b}", ["v{m}", "v2", "v{e}{m}"]),
    ("{own}", ["a/b", "{m}", "{m}/{e}"]),
]
ODD = [
    *(
        "1.10",
        "null",
        "a: b",
        "~",
        "",
        "[a]",
        "{{ x }}",
        "${x}",
        "latest",
        ">=1",
        "1.x",
        "a#b",
        "a #b",
        "|\n    9",
        "q:",
    ),
    *("!!str 4", "&q 4", "*q", '"\\x41"', "3,", "no", "é", "x" * 310, "{m}{e}", "a\tb", "12:30", "yes", "-1", "@x"),
    *("0o17", "'it''s'", "9 # x", "x\n  y", "ⓜ", "2024-01-02", "1_0", "a:{m}", "7{m}", "0x{m}", "1e{m}", "tru{m}"),
]
# A text, and where in it the value stands.
SPOTS = [
    ("tag: {v}", "tag"),
    ("tag: 1\nother: {v}", "other"),
    ("deep:\n  {m}:\n    tag: {v}\n  x:\n    y: {v}", "deep.{model}.tag"),
    ("deep:\n  {m}:\n    tag: {v}\n  x:\n    y: {v}", "deep.x.y"),
    ("{m}: {v}", "{model}"),
    ("{e}: {v}", "{environment}"),
    ("{{tag: {v}, {m}: 1}}", "tag"),
    ("list: [{{name: {m}, tag: {v}}}, {{name: b, tag: 9}}]", "list[name={model}].tag"),
    ("list:\n- name: {m}\n  tag: {v}\n- tag: 9\n  name: b", "list[name=b].tag"),
    ("list:\n- name: {m}\n  tag: {v}\n- tag: 9\n  name: b", "list[tag=9].tag"),
    ("list: [{v}, {m}]", "list[0]"),
    ("base: &base {{tag: {v}}}\nuse: *base", "base.tag"),
    ("base: &base\n  tag: {v}", "base.tag"),
    ("tag:\n  {v}", "tag"),
    ("tag: |\n  {v}", "tag"),
    ("spec: {{}}", "spec.tag"),
    ("spec: {m}", "spec.tag"),
    ("spec: nu{m}", "spec.tag"),
    ("kind: {m}\nmetadata:\n  name: {v}", "metadata.name"),
    ("deep:\n  a{m}: {v}", "deep.a{model}"),
]
AROUND = ["# {m} {e}", "n: {m}", "e: {e}", "'{m}x': 3", "fraud: {m}", "l: [{m}, {e}]", "é: x", "c: >-\n  {m}\n  text"]
ODD_AROUND = [
    *("w: {m} {m}\n  {e}", "k: |{m}\n    text", "k: &{m} x", "r: &x {m}\ns: *x", "t: !{m} x", "---", "...", "- {m}"),
    *('q: "\\{m}"', 'q: "fr\\x61ud{m}"', "#@ {m}", "h: '{{{{ {m} }}}}'", "? {m}\n: {e}", "%{m}", "nu{m}: nu{m}"),
    *("\tz: {m}", "é: {m}\u2028", "ⓜ: {m}", "u: {{? {m}, b: }}", "long: {m} " + "x" * 980, "{m}{m}{m}: 4"),
    *("aa{m}: 5", "a{m}: 6", "{m}b: 7", '"{m}": 3', "x" * 960 + "{m}{m}: 8", "churn: {m}", "'{e}': 1"),
    *("kind: {m}", "metadata: {{name: {m}, env: {e}}}", "tag: 2", '"\\u0074ag": 2', 'z: "{m}\\\n  {e}"'),
]
JSONS = [
    ('{{"tag": "{v}", "n": "{m}"}}', "tag"),
    ('{{"tag": {v}, "n": {m}}}', "tag"),
    ('{{"deep": {{"{m}": {{"tag": "{v}"}}}}, "e": "{e}"}}', "deep.{model}.tag"),
    ('{{"kind": "\\u0061{m}", "tag": "{v}"}}', "tag"),
    ('[{{"name": "{m}", "tag": "{v}"}}]', "[name={model}].tag"),
    ('{{"tag": "{v}", "{m}": 1, "tag2": 2}}', "tag"),
    ('{{"n": 1{m}, "tag": "{v}"}}', "tag"),
]
DOCS = [None, None, None, DocSelector("{model}", None), DocSelector(None, "{model}"), DocSelector("churn-x", "a")]
ROLES: list[Literal["primary", "companion"]] = ["primary", "primary", "primary", "companion"]
FORMATS: list[Format] = ["yaml", "yaml", "json"]
DECLARED = (Declared("own", "[a-z0-9/]{1,9}", "set"),)


def mostly(usual: list[str], odd: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(usual) | st.sampled_from(usual) | st.sampled_from(odd)


@st.composite
def samples(draw: st.DrawFn) -> tuple[Binding, str, list[str]]:
    """A binding, a file that it may be in, and values to stand there."""
    format_ = draw(st.sampled_from(FORMATS))
    text, at = draw(st.sampled_from(JSONS if format_ == "json" else SPOTS))
    if format_ == "yaml":
        before = draw(st.lists(mostly(AROUND, ODD_AROUND), max_size=1))
        after = draw(st.lists(mostly(AROUND, ODD_AROUND), max_size=2))
        tail = draw(st.sampled_from(["\n", "\n", "", " # x\n", "\n...\n"]))
        text = draw(st.sampled_from(["", "", "", "\ufeff", "---\n"])) + "\n".join([*before, text, *after]) + tail
        text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    template, values = draw(st.sampled_from(SAYINGS))
    role = draw(st.sampled_from(ROLES))
    absent = draw(st.sampled_from(["refuse", "refuse", "insert", "inherit:staging"]))
    binding = Binding("{model}/x.yaml", draw(st.sampled_from(DOCS)), at, template)
    return replace(binding, role=role, format=format_, absent=absent), text, values


@settings(max_examples=300, deadline=None)
@given(
    sample=samples(),
    other=st.none() | samples(),
    shared=st.booleans(),
    file=st.sampled_from(["{model}/y.json", "{model}/{environment}/y.yaml", "z.{model}"]),
    data=st.data(),
)
def test_the_fast_way_says_what_the_slow_way_says(
    sample: tuple[Binding, str, list[str]],
    other: tuple[Binding, str, list[str]] | None,
    shared: bool,
    file: str,
    data: st.DataObject,
) -> None:
    bound = [sample] if other is None else [sample, (replace(other[0], file=file), *other[1:])]
    if other is not None and shared:
        bound[1] = (replace(bound[1][0], file=sample[0].file, format=sample[0].format), *bound[1][1:])
    layout, reader = Layout(tuple(one[0] for one in bound)), FleetReader()
    value = mostly([v for one in bound for v in one[2]], ODD)
    rounds = st.lists(
        st.tuples(mostly(NAMES, ODD_NAMES), mostly(NAMES, ODD_NAMES), value, value), min_size=3, max_size=8
    )
    for model, environment, *values in data.draw(rounds):
        try:
            target = layout.target(model, environment)
        except Refused:
            continue
        files = {
            target.bindings[n].file: instance(bound[n][1], model, environment, values[n])
            for n in reversed(range(len(bound)))
        }
        expected = read(target, files)
        assert reader.read_laid_out(Lane(layout, environment), model, files) == expected
        assert reader.read(target, files) == expected
        own = layout.target(model, environment, DECLARED)
        assert reader.read(own, files) == read(own, files)


def instance(text: str, model: str, environment: str, value: str) -> bytes:
    value = value.replace("{m}", model).replace("{e}", environment)
    return text.format(m=model, e=environment, v=value).encode()
