"""What is wrong with a policy is told all at once, with file, line, key, what was found and what was expected."""

from __future__ import annotations

import pytest

from bot.domain.policy import Fault, PolicyInvalid, is_policy_file, parse_policy
from bot.errors import Reason

NAME = ".slackops.yaml"


def faults(text: str | bytes, **more: str) -> list[Fault]:
    files = {NAME: text if isinstance(text, bytes) else text.encode()}
    files |= {f".slackops/{name}.yaml": content.encode() for name, content in more.items()}
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(files)
    assert caught.value.reason is Reason.POLICY_INVALID
    assert str(caught.value.faults[0]) in caught.value.message
    return list(caught.value.faults)


def only(text: str | bytes) -> tuple[int, str, str]:
    (fault,) = faults(text)
    assert fault.file == NAME
    return fault.line, fault.key, fault.message


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        (
            "environments:\n  p:\n    aprovals: {}\n",
            3,
            "environments.p.aprovals",
            "unknown key; did you mean approvals?",
        ),
        ("enviroments: {}", 1, "enviroments", "unknown key; did you mean environments?"),
        ("models: {m: {gates: [{metrc: auc, threshold: 1}]}}", 1, "models.m.gates[0].metrc", "did you mean metric?"),
        ("environments:\n  p:\n    approvals:\n      required: two\n", 4, "environments.p.approvals.required", "'two'"),
        ("environments: {p: {approvals: {required: true}}}", 1, "environments.p.approvals.required", "a whole number"),
        ("environments: {p: {approvals: {requester: yes}}}", 1, "environments.p.approvals.requester", "true or false"),
        ("environments: {p: {aliases: prod}}", 1, "environments.p.aliases", "found 'prod'; expected a list"),
        ("environments: {p: {channel: ml ops}}", 1, "environments.p.channel", "expected a channel such as"),
        ("environments: {p: {approvals: {from: [ana]}}}", 1, "environments.p.approvals.from[0]", "github:ana"),
        ("environments: {p: {merge: {method: fast}}}", 1, "environments.p.merge.method", "'squash', 'merge', 'rebase'"),
        ("environments: {p: {after: {soak: 1h}}}", 1, "environments.p.after.environment", "is missing"),
        ("environments: {p: {after: {environment: q, soak: 1y}}}", 1, "environments.p.after.soak", "such as 15m, 24h"),
        ("environments: {'a b': {}}", 1, "environments.a b", "expected a name with letters"),
        ("version: 2", 1, "version", "found 2; expected 1"),
        ("defaults:\n  channel: #ml\n", 2, "defaults.channel", "what starts with # must stand in quotes"),
        ("environments: {p: {approvals: {required: -1}}}", 1, "environments.p.approvals.required", "at least 0"),
        ("models: []", 1, "models", "found a list; expected a mapping"),
        ("models: {m: {registry: 12}}", 1, "models.m.registry", "expected text; put it in quotes"),
        ("models: {../x: {}}", 1, "models.../x", "'../x' is no model name"),
        ("- 1", 1, "", "expected a mapping"),
        ("a: [", 1, "", "not YAML"),
        (b"version: 1\nmodels: \xff", 2, "", "not UTF-8"),
        ("version: 1\n---\nversion: 1\n", 3, "", "a second document"),
        ("version: 1\nversion: 1\n", 2, "version", "written twice"),
        ("models: {m: {<<: {}}}", 1, "models.m.<<", "merge keys are not read"),
        ("models: &a {m: *a}", 1, "", "stands inside what it names"),
        ("models: {m: *a}", 1, "", "no anchor before it"),
        ("models: {m: {registry: !!binary aGk=}}", 1, "models.m.registry", "a tag"),
    ],
)
def test_a_fault_is_named(text: str | bytes, line: int, key: str, message: str) -> None:
    found_line, found_key, found_message = only(text)
    assert (found_line, found_key) == (line, key)
    assert message in found_message


def test_the_defaults_may_be_written_out() -> None:
    parse_policy(
        {
            NAME: b"""
version: 1
enforce: true
defaults: {channel: "#ml", notify: {}, remind: 4h, expire: 7d, quiet: {}}
roles: {promote: ["slack:@ml-team"]}
environments:
  production:
    approvals: {required: 2, from: ["github:acme/ml-leads", "slack:S0123ABC"], requester: false,
                reviews: own-account, rule: {}}
    rollback: {approvals: 1, requester: true, windows: ignore, freezes: ignore}
    windows: []
    merge: {method: squash, auto: true}
    rollout: {engine: none, timeout: 15m, watch: 1h, on_degraded: propose}
layouts: []
propose: []
alerts: {storm: {incidents: 5, within: 15m}}
drift: {sources: [], runs: [], incident: {open: 2 of 3, close: 3 of 3, worsens: 1.5}}
retrain: {}
"""
        }
    )


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("{files: [a.yaml]}", "either at and value, or set"),
        ("{files: [a.yaml], at: a}", "either at and value, or set"),
        ("{files: [a.yaml], at: a, value: '{version}', set: [{at: b, value: '{version}'}]}", "either at and value"),
        ("{files: [], at: a, value: '{version}'}", "at least one file"),
        ("{files: [../a.yaml], at: a, value: '{version}'}", "a path inside the deployment repo"),
        ("{files: [/a.yaml], at: a, value: '{version}'}", "a path inside the deployment repo"),
        ("{files: [.git/config], at: a, value: '{version}'}", "a path inside the deployment repo"),
        ("{files: ['{version}.yaml'], at: a, value: '{version}'}", "only {model}, {environment} and {region}"),
        ("{files: [a.ini], at: a, value: '{version}'}", "expected format: regex for a.ini"),
        ("{files: [a.yaml], at: 'a[', value: '{version}'}", "expected a key"),
        ("{files: [a.yaml], at: 'a |toml| b', value: '{version}'}", "or |yaml|"),
        ("{files: [a.yaml], at: a, value: '{verson}'}", "did you mean {version}?"),
        ("{files: [a.yaml], at: a, value: latest}", "{version}, {run_id} or {model_id}"),
        ("{files: [a.yaml], doc: {}, at: a, value: '{version}'}", "kind, name, or both"),
    ],
)
def test_a_target_must_make_sense(target: str, message: str) -> None:
    text = f"environments: {{p: {{}}}}\nmodels: {{m: {{targets: {{p: [{target}]}}}}}}"
    assert message in only(text)[2]


PLACE = "at: a, value: '{version}'"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("environments: {s: {}, p: {aliases: [s]}}", "environments.p.aliases[0]", "'s' is a name of s already"),
        ("environments: {s: {aliases: [x]}, p: {aliases: [x]}}", "environments.p.aliases[0]", "is a name of s already"),
        ("environments: {prod: {}}\nmodels: {m: {targets: {prd: []}}}", "models.m.targets.prd", "did you mean prod?"),
        ("models: {m: {primary_metric: profit}}", "models.m.primary_metric", "add greater_is_better"),
        (
            "environments: {p: {gates: [{metric: primary, against: deployed}]}}\nmodels: {m: {}}",
            "models.m",
            "primary_metric is missing; a gate of p asks for it",
        ),
        (
            f"layouts: [{{files: ['{{model}}.yaml'], {PLACE}}}]\nenvironments: {{s: {{}}, p: {{}}}}",
            "layouts[0]",
            "every env",
        ),
        (f"layouts: [{{files: ['a.yaml'], {PLACE}}}]", "layouts[0]", "one value would serve every model"),
        (
            """environments: {s: {}, p: {}}
models: {m: {targets: {s: [{files: [a.yaml], at: a, value: "{version}"}],
                       p: [{files: [a.yaml], at: '"a"', value: "v{version}"}]}}}""",
            "models.m.targets.p",
            "name the other environment in shared_with of both",
        ),
    ],
)
def test_the_parts_must_fit_together(text: str, key: str, message: str) -> None:
    _, found_key, found_message = only(text)
    assert found_key == key
    assert message in found_message


def test_all_faults_come_at_once_in_the_order_of_the_lines() -> None:
    found = faults("bogus: 1\nenforce: 7\nenvironments:\n  p: {merge: {auto: 3}}\nmodels:\n  '<x>': {owners: [me]}\n")
    assert [(f.line, f.key) for f in found] == [
        (1, "bogus"),
        (2, "enforce"),
        (4, "environments.p.merge.auto"),
        (6, "models.<x>"),
        (6, "models.<x>.owners[0]"),
    ]


def test_files_are_merged_and_nothing_is_said_twice() -> None:
    first, second = "version: 1\nenvironments: {s: {}}\n", "version: 1\nenvironments:\n  p: {channel: '#prod'}\n"
    policy = parse_policy({".slackops/b.yaml": second.encode(), ".slackops/a.yaml": first.encode()})
    assert [e.name for e in policy.environments] == ["s", "p"]

    (fault,) = faults("defaults:\n  channel: '#a'\n", x="defaults:\n\n  channel: '#b'\n")
    assert (fault.file, fault.line, fault.key) == (".slackops/x.yaml", 3, "defaults.channel")
    assert fault.message == "said in .slackops.yaml:2 already; say it in one file only"


def test_no_file_at_all() -> None:
    with pytest.raises(PolicyInvalid, match="there is no policy"):
        parse_policy({})


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "null", "\ufeffversion: 1", "environments:\n  staging:\n"]
)
def test_an_empty_section_is_a_section(text: str) -> None:
    parse_policy({NAME: text.encode()})


def test_aliases_are_values_and_do_not_explode() -> None:
    policy = parse_policy({NAME: b"environments: {s: &same {channel: '#x'}, p: *same}"})
    assert policy.channel_for("p") == "#x"
    laughs = "a0: &a0 [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert any("too many values" in fault.message for fault in faults(laughs))
    chain = "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000))
    assert any("levels deep" in fault.message for fault in faults(chain))


def test_size_and_depth_are_bounded() -> None:
    assert "at most 1048576 are read" in only(b"# " + b"x" * 1024 * 1024)[2]
    assert "levels deep" in only("a: " + "[" * 500)[2]


def test_which_paths_belong_to_the_policy() -> None:
    paths = [".slackops.yaml", ".slackops/a.yaml", ".slackops/tests/a.yaml", "x/.slackops.yaml", ".slackops/a.yml"]
    assert [is_policy_file(path) for path in paths] == [True, True, False, False, True]  # all that is read as it
