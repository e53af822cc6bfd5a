"""Gates of a policy: every kind as it is read, and every way to write one wrongly."""

from __future__ import annotations

import pytest

from bot.domain.policy import (
    ArtifactGate,
    BranchGate,
    CheckGate,
    DatasetGate,
    HttpGate,
    IncidentGate,
    Margin,
    MetricGate,
    PolicyInvalid,
    Regression,
    SignatureGate,
    TagGate,
    parse_policy,
)

NAME = ".slackops.yaml"
B = ("block", "merge")


def gates_in(text: str):
    return parse_policy({NAME: f"environments: {{p: {{gates: [{text}]}}}}".encode()}).gates_for("m", "p")


def metric(
    name: str, key: str, direction: str = "higher", threshold: float | None = None, **more: object
) -> MetricGate:
    more = {"against": None, "max_regression": None, **more}
    return MetricGate(name, key, direction, threshold, mode="block", at="merge", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{metric: auc, threshold: 0.9}", metric("auc", "auc", threshold=0.9)),
        ("{metric: auc, threshold: 1, name: floor}", metric("floor", "auc", threshold=1.0)),
        (
            "{metric: log_loss, against: deployed, max_regression: 1%}",
            metric(
                "log_loss against deployed", "log_loss", "lower", against="deployed", max_regression=Regression(1, True)
            ),
        ),
        (
            "{metric: auc, against: '@champion', max_regression: 0.01, no_baseline: fail}",
            metric(
                "auc against @champion",
                "auc",
                against="@champion",
                max_regression=Regression(0.01, False),
                no_baseline="fail",
            ),
        ),
        (
            "{metric: auc, against: deployed, margin: 0.005, stderr: auc_se}",
            metric("auc against deployed", "auc", against="deployed", margin=Margin(0.005, "auc_se", 0.95)),
        ),
        (
            "{metric: 'auc.*', against: deployed, margin: 0, stderr: 'se.*', confidence: 0.9, slices: worst}",
            metric(
                "auc.* against deployed", "auc.*", against="deployed", margin=Margin(0, "se.*", 0.9), slices="worst"
            ),
        ),
        (
            "{metric: auc, against: deployed, min_absolute_change: 0.01, min_relative_change: 0.05}",
            metric(
                "auc against deployed", "auc", against="deployed", min_absolute_change=0.01, min_relative_change=0.05
            ),
        ),
        (
            "{metric: 'recall.*', threshold: 0.8, slices: 90%}",
            metric("recall.*", "recall.*", threshold=0.8, slices=0.9),
        ),
        ("{check: ci/*}", CheckGate("check ci/*", "ci/*", *B)),
        ("{check: ci, none: allow, timeout: 2h}", CheckGate("check ci", "ci", *B, none="allow", timeout=7200.0)),
        ("{tag: validated}", TagGate("tag validated", "validated", (), *B)),
        ("{tag: stage, equals: passed, at: propose}", TagGate("tag stage", "stage", ("passed",), "block", "propose")),
        ("{tag: stage, one_of: [a, b]}", TagGate("tag stage", "stage", ("a", "b"), *B)),
        ("{signature: compatible}", SignatureGate("signature", "compatible", *B)),
        ("{signature: same, no_baseline: fail}", SignatureGate("signature", "same", *B, no_baseline="fail")),
        ("{artifact: present}", ArtifactGate("artifact", False, None, *B)),
        ("{artifact: digest, digest_tag: sha256}", ArtifactGate("artifact", True, "sha256", *B)),
        (
            "{dataset: training, max_age: 90d, dated_by: as_of}",
            DatasetGate("dataset training", "training", 7776000.0, "as_of", *B),
        ),
        ("{branch: main, repo: acme/fraud}", BranchGate("branch main", "main", "acme/fraud", *B)),
        ("{incident: drift, mode: warn}", IncidentGate("incident drift", "drift", "warn", "merge")),
        ("{http: 'https://a.example/g', name: fairness}", HttpGate("fairness", "https://a.example/g", 10.0, *B)),
        ("{http: 'http://[::1]:9/', name: a b, timeout: 60s}", HttpGate("a b", "http://[::1]:9/", 60.0, *B)),
        ("{incident: any, models: ['m*']}", IncidentGate("incident any", "any", *B, only=("m*",))),
    ],
)
def test_a_gate_as_it_is_read(text, expected):
    extra = "" if "models" not in text else ", models: {m: {}}"
    policy = parse_policy({NAME: f"{{environments: {{p: {{gates: [{text}]}}}}{extra}}}".encode()})
    assert policy.gates_for("m", "p") == (expected,)


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("{mode: block}", "metric, check, tag, signature, artifact, dataset, branch, incident, http; found none"),
        ("{metric: auc, threshold: 1, check: ci}", "found metric and check"),
        ("{metric: auc}", "either threshold or against: deployed"),
        ("{metric: auc, threshold: 0.9, against: deployed}", "write two gates for both"),
        ("{metric: auc, threshold: 0.9, max_regression: 1%}", "against: deployed beside max_regression"),
        ("{metric: auc, threshold: 0.9, no_baseline: fail}", "against: deployed beside no_baseline"),
        ("{metric: auc, threshold: 0.9, min_absolute_change: 1}", "against: deployed beside min_absolute_change"),
        ("{metric: profit, threshold: 3}", "greater_is_better: true or false"),
        ("{metric: primary, threshold: 3, greater_is_better: true}", "at the model, beside its primary_metric"),
        ("{metric: auc, against: deployed, max_regression: -1}", "a percentage such as 1%"),
        ("{metric: auc, against: champion}", "an alias of the registry such as '@champion'"),
        ("{metric: auc, against: '@a b'}", "an alias of the registry such as '@champion'"),
        (
            "{metric: auc, against: deployed, max_regression: 1%, margin: 1, stderr: s}",
            "found max_regression and margin",
        ),
        ("{metric: auc, against: deployed, margin: 1}", "stderr beside margin"),
        ("{metric: auc, against: deployed, stderr: s}", "margin beside stderr"),
        ("{metric: auc, against: deployed, confidence: 0.9}", "margin beside confidence"),
        ("{metric: auc, against: deployed, margin: 1, stderr: s, confidence: 1}", "less than 1"),
        ("{metric: auc, against: deployed, margin: 1, stderr: s, confidence: 95}", "less than 1"),
        ("{metric: auc, against: deployed, margin: 1, stderr: 's.*'}", "one * where metric has one"),
        ("{metric: 'auc.*', against: deployed, margin: 1, stderr: s}", "one * where metric has one"),
        ("{metric: 'auc.?', against: deployed, margin: 1, stderr: s}", "neither with ? or ["),
        ("{metric: auc, against: deployed, min_absolute_change: 0}", "more than 0"),
        ("{metric: auc, against: deployed, min_relative_change: 5}", "at most 1"),
        ("{metric: auc, threshold: 1, slices: worst}", "slices only beside a pattern"),
        ("{metric: 'auc.*', threshold: 1, slices: 0%}", "a share of the slices such as 90%"),
        ("{metric: 'auc.*', threshold: 1, slices: 101%}", "a share of the slices such as 90%"),
        ("{metric: 'auc.*', threshold: 1, slices: 0.9}", "a share of the slices such as 90%"),
        ("{metric: auc, threshold: .nan}", "a number"),
        ("{metric: auc, threshold: 1, equals: a}", "equals only beside tag"),
        ("{check: slackops/gates}", "the bot's own statuses"),
        ("{check: ci, threshold: 1}", "threshold only beside metric; check takes none, timeout"),
        ("{check: ci, at: propose}", "there is no commit to check"),
        ("{check: ci, timeout: 0s}", "a timeout of a second or more"),
        ("{check: ci, none: pass}", "'refuse', 'allow'"),
        ("{tag: a, equals: b, one_of: [c]}", "either equals or one_of"),
        ("{tag: a, one_of: []}", "at least one value in one_of"),
        ("{tag: a, equals: 1}", "put it in quotes"),
        ("{signature: exact}", "'compatible', 'same', 'logged'"),
        ("{signature: logged, no_baseline: fail}", "signature: compatible or same beside no_baseline"),
        ("{artifact: present, digest_tag: sha}", "artifact: digest beside digest_tag"),
        ("{dataset: training, dated_by: a}", "max_age beside dated_by"),
        ("{dataset: training, max_age: 0s}", "a max_age of a second or more"),
        ("{branch: main, repo: fraud}", "a repository such as"),
        ("{incident: drift, equals: a}", "equals only beside tag; incident takes no other key"),
        ("{http: 'https://a.example'}", "name beside http"),
        ("{http: 'https://a.example', name: a, timeout: 2m}", "a timeout from 1s to 60s"),
        ("{http: 'https://a.example', name: a, timeout: 0s}", "a timeout from 1s to 60s"),
        ("{http: 'https://u:p@a.example', name: a}", "without user, password or #"),
        ("{http: 'https://@a.example', name: a}", "without user, password or #"),
        ("{http: 'https://a.example/#x', name: a}", "without user, password or #"),
        ("{http: 'https://a.example/ x', name: a}", "an address such as"),
        ("{http: 'https://a.example:99999/', name: a}", "an address such as"),
        ("{http: 'https://[a/', name: a}", "an address such as"),
        ("{http: 'ftp://a.example', name: a}", "an address such as"),
        ("{http: 'https:///gate', name: a}", "with a host"),
        ("{http: gate, name: a}", "an address such as"),
        ("{tag: a, name: 'x`y'}", "a short name such as"),
        (f"{{tag: a, name: {'x' * 61}}}", "a short name such as"),
        ("{tag: a, name: ''}", "a short name such as"),
        ("{tag: a, name: window}", "the name of a gate of the bot's own"),
        ("{tag: a, name: soak staging}", "the name of a gate of the bot's own"),
        ("{tag: a, environments: [p]}", "only at a model's gate"),
        ("{tag: a, models: [mm]}", "there is no model 'mm'; did you mean m?"),
        ("{tag: a, metrc: auc}", "unknown key; did you mean metric?"),
        ("{metric: auc, threshold: 1}, {metric: auc, threshold: 2}", "another gate of this list is called 'auc' too"),
        ("{tag: a}, {branch: a, name: tag a}", "add a name: of its own to one of them"),
    ],
)
def test_a_gate_must_make_sense(gate: str, message: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy({NAME: f"models: {{m: {{}}}}\nenvironments:\n  p:\n    gates: [{gate}]\n".encode()})
    assert message in str(caught.value.faults[0])
    assert {fault.line for fault in caught.value.faults} == {4}
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("{tag: a, models: [m]}", "only at an environment's gate"),
        ("{tag: a, environments: [prod]}", "no such environment"),
        ("{metric: primary, threshold: 1}", "primary_metric is missing; one of its gates asks for it"),
    ],
)
def test_a_gate_of_a_model_must_make_sense(gate: str, message: str) -> None:
    with pytest.raises(PolicyInvalid, match=r"models\.m") as caught:
        parse_policy({NAME: f"environments: {{p: {{}}}}\nmodels: {{m: {{gates: [{gate}]}}}}\n".encode()})
    assert [message in str(fault) for fault in caught.value.faults] == [True]


def test_the_same_gate_twice_is_one() -> None:
    assert [one.name for one in gates_in("{metric: auc, threshold: 1}, {metric: auc, threshold: 1}")] == ["auc"]


def test_a_threshold_and_a_comparison_have_two_names() -> None:
    two = gates_in("{metric: auc, threshold: 1}, {metric: auc, against: deployed}, {metric: auc, against: '@a'}")
    assert [one.name for one in two] == ["auc", "auc against deployed", "auc against @a"]
