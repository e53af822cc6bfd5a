"""Whatever lies in a repo: nothing but a proposal comes out, and what is proposed reads."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.discover import propose
from bot.domain.policy import parse_policy

NAMES = st.sampled_from(
    [
        "a",
        "fraud",
        "x y",
        'q"u',
        "é",
        "a.b",
        "staging",
        "v1",
        "1e3",
        "null",
        "a/b",
        "[x]",
        "-",
        "#",
        "{model}",
        "<<",
        "a: b",
    ]
)
FOLDERS = st.lists(st.sampled_from(["apps", "fraud", "base", "staging", "prod", "é x", "templates", "v1"]), max_size=3)
FILES = st.sampled_from(
    ["values.yaml", "kustomization.yaml", "x.yaml", "values-prod.yaml", "Chart.yaml", "model-settings.json",
     "fleet.yaml", "databricks.yml", "variables.json", "x.jsonnet", "x.yml"]
)  # fmt: skip
KINDS = st.sampled_from(
    [("serving.kserve.io/v1beta1", "InferenceService"), ("apps/v1", "Deployment"), ("mlops.seldon.io/v1", "Model"),
     ("helm.toolkit.fluxcd.io/v2", "HelmRelease"), ("argoproj.io/v1alpha1", "ApplicationSet")]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        [
            "s3://m/fraud/3",
            "models:/a/1",
            "r/x:1.2",
            "1.2.3",
            "latest",
            ">=1",
            "{{ x }}",
            "&a 3",
            "*a",
            "|\n  x",
            "",
            "'4'",
        ]
    ),
    st.text("abc123:/.-v@{}*&\"'", max_size=12),
)


@st.composite
def manifests(draw: st.DrawFn) -> str:
    api, kind = draw(KINDS)
    value = draw(VALUES)
    spec = draw(
        st.sampled_from(
            ["predictor: {model: {storageUri: %s}}", "storageUri: %s", "values: {image: {tag: %s}}",
             "template: {spec: {containers: [{name: a, image: %s}]}}",
             "generators: [{list: {elements: [{stage: prod, tag: %s}]}}]"]
        )
    )  # fmt: skip
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {draw(NAMES)}}}\nspec:\n  {spec % value}\n"


TEXTS = st.one_of(
    manifests(),
    st.lists(manifests(), min_size=2, max_size=3).map("---\n".join),
    VALUES.map("image: {{tag: {}}}\nmodel_version: 3\n".format),
    VALUES.map("images: [{{name: a, newTag: {0}}}, {{name: b, newTag: {0}}}]\n".format),
    st.text(max_size=80),
)
TREES = st.dictionaries(
    st.tuples(FOLDERS, FILES).map(lambda pair: "/".join([*pair[0], pair[1]])),
    st.one_of(TEXTS.map(str.encode), st.binary(max_size=60)),
    max_size=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.sampled_from([(), ("fraud",), ("main.a", "b")]))
def test_what_is_proposed_parses_and_reads(files: dict[str, bytes], known: tuple[str, ...]) -> None:
    draft = propose(files, known)
    policy = parse_policy({".slackops.yaml": draft.text.encode()})
    assert {reading.state for reading in draft.readings.values()} <= {"pinned", "not_pinned", "inherited"}
    for target in draft.targets:
        assert policy.target_for(target.model, target.environment) is not None
    assert propose(files, known).text == draft.text


BOMBS = {
    "laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"b%d: &b%d [*a,*a,*a,*a]\n" % (n, n) for n in range(50)),
    "deep flow": b"image: " + b"[" * 50_000,
    "deep block": b"".join(b" " * n + b"a:\n" for n in range(2000)),
    "deep json": b'{"a":' * 50_000,
    "long line": b"image: {tag: " + b"x" * 900_000 + b"}",
    "many keys": b"".join(b"k%d: {image: {tag: 1.%d}}\n" % (n, n) for n in range(20_000)),
    "many items": b"images:\n" + b"".join(b"- {name: i%d, newTag: 1.%d}\n" % (n, n) for n in range(1000)),
    "nul": b"image: {tag: 1}\0",
}


def test_no_file_hangs_or_explodes() -> None:
    files = {f"{name.replace(' ', '-')}/values.yaml": content for name, content in BOMBS.items()}
    files |= {f"{name.replace(' ', '-')}/kustomization.yaml": content for name, content in BOMBS.items()}
    files |= {f"{name.replace(' ', '-')}/model-settings.json": content for name, content in BOMBS.items()}
    draft = propose(files)
    parse_policy({".slackops.yaml": draft.text.encode()})
