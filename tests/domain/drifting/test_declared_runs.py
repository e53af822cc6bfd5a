"""The policy's runs: what the file says, and for which models and environments."""

from __future__ import annotations

import pytest

from bot.domain.drifting.declared import runs_of
from bot.domain.drifting.measuring import DataSet, DriftRun, FeatureRule, PerformanceRule
from bot.domain.policy import Policy, parse_policy
from bot.domain.policy.model_drift import SourceRule
from bot.errors import Refused

POLICY = """\
version: 1
environments:
  staging: {{}}
  production: {{aliases: [prod], fan_out: {{regions: [eu, us]}}}}
models: {{fraud: {{primary_metric: auc}}, ltv: {{}}}}
drift:
  {drift}
"""
TARGETS = [("fraud", "staging"), ("fraud", "production-eu"), ("ltv", "production-eu"), ("ltv", "production-us")]
DATA = "reference: {path: /r.parquet}, current: {path: '/{model}/{environment}.parquet'}"
PLAIN = "reference: {path: /r.parquet}, current: {path: /c.csv.gz}"


def parsed(drift: str) -> Policy:
    return parse_policy({".slackops.yaml": POLICY.format(drift=drift).encode()})


def run(fields: str, data: str = PLAIN, model: str = "fraud", environment: str = "staging") -> str:
    return f"runs: [{{name: r, model: {model}, environment: {environment}, {data}{', ' if fields else ''}{fields}}}]"


def only(fields: str, **more: str) -> DriftRun:
    [found] = runs_of(parsed(run(fields, **more)), TARGETS)
    return found


def test_every_default() -> None:
    data = (DataSet("/r.parquet"), DataSet("/c.csv.gz", format="csv"))
    assert only("") == DriftRun("r", "fraud", "staging", *data)


def test_every_key() -> None:
    found = only(
        "features: ['a*', b], exclude: [c], methods: {numeric: psi, categorical: chi_square},"
        "thresholds: {psi: 0.3, ks: 0.01, z: 0.02},"
        "share: 30%, missing: 5%, new_categories: false, min_rows: 100, prediction: p, label: y,"
        "performance: [{metric: auc, against: primary, worse: 2%}, {metric: mae, threshold: 3}],"
        "rules: [{feature: a1, method: ks, threshold: 0.1, missing: false, range: [0, null]},"
        "{feature: b, categorical: true}],"
        'cron: "0 6 * * *", timezone: Europe/Berlin',
        data="reference: {query: \"SELECT * FROM t WHERE m = '{model}'\", database: SLACKOPS_DRIFT_SCORES},"
        "current: {path: 's3://b/{model}/*', format: csv, time: seen, last: 1d, max_age: 2d}",
    )
    assert found == DriftRun(
        name="r",
        model="fraud",
        environment="staging",
        reference=DataSet(query="SELECT * FROM t WHERE m = 'fraud'", database="SLACKOPS_DRIFT_SCORES", format="sql"),
        current=DataSet("s3://b/fraud/*", format="csv", time="seen", last=86400.0, max_age=172800.0),
        features=("a*", "b"),
        exclude=("c",),
        numeric="psi",
        categorical="chi_square",
        thresholds={"psi": 0.3, "ks": 0.01, "z": 0.02},
        share=0.3,
        missing=0.05,
        new_categories=False,
        rows=100,
        prediction="p",
        label="y",
        performance=(PerformanceRule("auc", "auc", 0.02), PerformanceRule("mae", threshold=3.0)),
        every=0.0,
        cron="0 6 * * *",
        timezone="Europe/Berlin",
        rules=(FeatureRule("a1", "ks", 0.1, 1.0, (0.0, None)), FeatureRule("b", categorical=True)),
    )


@pytest.mark.parametrize(
    ("model", "environment", "names"),
    [
        ("fraud", "staging", ["r"]),
        ("'*'", "staging", ["r/fraud/staging"]),
        ("fraud", "production-eu", ["r"]),
        ("fraud", "production", ["r/fraud/production-eu", "r/fraud/production-us"]),
        ("'l*'", "prod", ["r/ltv/production-eu", "r/ltv/production-us"]),
        ("[fraud, ltv, '*']", "prod-eu", ["r/fraud/production-eu", "r/ltv/production-eu"]),
        ("'x*'", "staging", []),
    ],
)
def test_one_run_a_model_and_environment(model: str, environment: str, names: list[str]) -> None:
    found = runs_of(parsed(run("", DATA, model, environment)), TARGETS)
    assert [one.name for one in found] == names
    assert {one.current.path for one in found} == {f"/{one.model}/{one.environment}.parquet" for one in found}


@pytest.mark.parametrize(
    ("drift", "words"),
    [
        (run("evry: 1h"), ("drift.runs[0].evry", "every")),
        (run("every: 1h, cron: '0 0 * * *'"), ("either every or cron",)),
        (run("every: 59s"), ("at least 1m",)),
        (run("cron: '0 9 30 2 *'"), ("drift.runs[0].cron", "ever comes")),
        (run("share: 0"), ("drift.runs[0].share", "a part such as 50%")),
        (run("share: 101%"), ("a part such as 50%",)),
        (run("methods: {numeric: chi_square}"), ("drift.runs[0].methods.numeric",)),
        (run("methods: {categorical: ks}"), ("drift.runs[0].methods.categorical",)),
        (run("methods: {categorical: wasserstein}"), ("drift.runs[0].methods.categorical",)),
        (run("rules: [{feature: a, threshold: 0.1}]"), ("a method beside threshold",)),
        (run("", "reference: {path: /r}, current: {path: /c, max_age: 1d}"), ("max_age", "only beside time")),
        (run("", "reference: {path: /r, time: t, max_age: 1d}, current: {path: /c}"), ("max_age only of current",)),
        (run("thresholds: {ks: 1.5}"), ("drift.runs[0].thresholds.ks", "less than 1")),
        (run("thresholds: {pis: 1}"), ("psi",)),
        (run("performance: [{metric: auc, against: auc}]"), ("prediction and label",)),
        (run("prediction: p, label: y, performance: [{metric: auc}]"), ("against", "threshold")),
        (run("prediction: p, label: y, performance: [{metric: auc, threshold: 1, worse: 1%}]"), ("worse only",)),
        (run("rules: [{feature: a, range: [3, 1]}]"), ("a range such as",)),
        (run("rules: [{feature: a, range: [null, null]}]"), ("a range such as",)),
        (run("rules: [{feature: a, method: ks, categorical: true}]"), ("fits categorical: true",)),
        (run("", "reference: {path: /r}, current: {path: /c, query: SELECT}"), ("either path or query",)),
        (run("", "reference: {path: /r}, current: {query: SELECT}"), ("database",)),
        (run("", "reference: {path: /r}, current: {path: /c, last: 1d}"), ("only beside time",)),
        (run("", "reference: {path: /r}, current: {path: '/{modle}'}"), ("only {model} and {environment}",)),
        (run("", "reference: {path: /r}, current: {path: '/../etc'}"), ("without ..",)),
        (run("", "reference: {path: /r}, current: {path: 'http://x/y'}"), ("s3://",)),
        (
            run("", "reference: {path: /r}, current: {query: 'FROM {model}', database: SLACKOPS_DRIFT_D}"),
            ("in single quotes",),
        ),
        (run("", "reference: {path: /r}, current: {query: x, database: 'postgresql://a:b@c'}"), ("the name of an",)),
        (
            run("", "reference: {path: /r}, current: {query: x, database: DATABASE_URL}"),
            ("begins with SLACKOPS_DRIFT_",),
        ),
        (run("", model="frud"), ("drift.runs[0].model", "did you mean fraud")),
        (run("", model="[]"), ("at least one model",)),
        (run("", environment="stagin"), ("drift.runs[0].environment", "did you mean staging")),
        (run("", model="[fraud, ltv]"), ("drift.runs[0].current", "every model")),
        (run("", model="'*'"), ("every model",)),
        (run("", environment="production"), ("every environment",)),
        ("sources: [{name: s, type: json, path: /a}, {name: s, type: json, path: /b}]", ("called 's' too",)),
        ("sources: [{name: s, type: evidently, path: /a}]", ("model:, or {model}",)),
        ("sources: [{name: s, type: evidently, path: '/{model}', model: fraud}]", ("either model: or {model}",)),
        ("sources: [{name: s, type: evidenty, path: /a}]", ("drift.sources[0].type", "evidently")),
        ("sources: [{name: s, type: json}]", ("path beside",)),
        ("sources: [{name: s, type: mlflow, path: /a}]", ("experiment and metrics",)),
        ("sources: [{name: s, type: json, path: /a, metrics: [a]}]", ("neither experiment nor metrics",)),
        ("sources: [{name: s, type: json, path: /a, every: 1s}]", ("at least 1m",)),
        ("sources: [{name: s, type: json, path: /a, environment: production}]", ("has regions", "production-eu")),
        ("sources: [{name: s, type: mlflow, experiment: e, metrics: {'a.*': -1}}]", ("drift.sources[0].metrics",)),
        ("sources: [{name: s, type: mlflow, experiment: e, metrics: [a.*]}]", ("a limit for each pattern",)),
    ],
    ids=range(46),
)
def test_what_is_refused(drift: str, words: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        parsed(drift)
    assert ".slackops.yaml:7" in refused.value.message
    assert [word for word in words if word not in refused.value.message] == []


def test_a_source() -> None:
    said = "{name: s, type: evidently, path: 's3://b/{model}/*.json', environment: staging, share: 20%, every: 1h}"
    tracked = (
        "{name: t, type: mlflow, experiment: e, metrics: {'drift.psi.*': 0.2, 'drift.share': null}, threshold: 0.3}"
    )
    assert parsed(f"sources: [{said}, {tracked}]").drift.sources == (
        SourceRule("s", "evidently", "s3://b/{model}/*.json", environment="staging", share=0.2, every=3600.0),
        SourceRule(
            "t",
            "mlflow",
            metrics=("drift.psi.*", "drift.share"),
            limits={"drift.psi.*": 0.2},
            experiment="e",
            threshold=0.3,
        ),
    )
