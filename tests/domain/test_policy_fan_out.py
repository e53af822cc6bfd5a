"""`after` and `fan_out`: one environment a region, who waits for whom, and what is wrong with them."""

from __future__ import annotations

import pytest

from bot.domain.policy import Policy, PolicyInvalid, SoakGate, Target, parse_policy
from bot.errors import Reason, Refused

POLICY = """
environments:
  staging: {}
  production:
    aliases: [prod]
    channel: "#ml-production"
    approvals: {required: 2}
    rollout: {engine: argocd, application: "{environment}/{model}-{region}"}
    after: {environment: staging, soak: 24h}
    fan_out: {regions: [eu, us], first: us, soak: 30m}
  archive: {after: {environment: production}}
layouts:
  - files: ["models/{model}/{environment}/{region}/isvc.yaml"]
    at: 'regions."{region}".uri'
    value: "s3://{region}/{environment}/{model}/{version}"
  - files: ["models/{model}/{environment}/isvc.yaml"]
    at: spec.uri
    value: "s3://{environment}/{version}"
models:
  ltv:
    targets:
      production:
        - {files: ["ltv/{region}.env"], at: VERSION, value: "{version}"}
      production-eu:
        - {files: [ltv/europe.toml], at: version, value: "{version}"}
  churn:
    targets:
      production:
        - {files: [churn.ini], format: regex, at: '^{region} = (?P<value>\\S+)$', value: "{version}"}
"""


def policy(old: str = "", new: str = "") -> Policy:
    assert old in POLICY
    return parse_policy({".slackops.yaml": POLICY.replace(old, new, 1).encode()})


def faults(old: str, new: str) -> list[str]:
    with pytest.raises(PolicyInvalid) as invalid:
        policy(old, new)
    return [f"{fault.key}: {fault.message}" for fault in invalid.value.faults]


def test_one_environment_a_region_the_first_in_front() -> None:
    found = policy().environments
    assert [stage.name for stage in found] == ["staging", "production-us", "production-eu", "archive"]
    us, eu = found[1:3]
    assert [(one.fanned, one.region, one.first) for one in (us, eu)] == [
        ("production", "us", True),
        ("production", "eu", False),
    ]
    assert [one.aliases for one in (us, eu)] == [("prod-us",), ("prod-eu",)]
    assert [one.rollout.application_of("m", one.name) for one in (us, eu)] == ["production/m-us", "production/m-eu"]
    assert {one.channel for one in (us, eu)} == {"#ml-production"}
    assert {one.approvals.required for one in (us, eu)} == {2}


def test_who_waits_for_whom() -> None:
    staging, first = (
        SoakGate("soak staging", "staging", 86_400.0),
        SoakGate("soak production-us", "production-us", 1_800.0),
    )
    by_name = {stage.name: stage.gates for stage in policy().environments}
    assert by_name == {
        "staging": (),
        "production-us": (staging,),
        "production-eu": (staging, first),
        "archive": (
            SoakGate("soak production-us", "production-us", 0.0),
            SoakGate("soak production-eu", "production-eu", 0.0),
        ),
    }


def test_without_a_region_in_its_name_an_application_has_the_region_in_its_environment() -> None:
    rules = policy(', application: "{environment}/{model}-{region}"', "")
    assert rules.environment("prod-eu").rollout.application_of("m", "production-eu") == "m-production-eu"


def place(target: Target | None) -> tuple[str, str, str]:
    assert target is not None
    (binding,) = target.bindings
    return binding.file, binding.at, binding.template


@pytest.mark.parametrize(
    ("model", "environment", "found"),
    [
        (
            "m",
            "production-us",
            ("models/m/production/us/isvc.yaml", "regions.us.uri", "s3://us/production/{model}/{version}"),
        ),
        ("m", "staging", ("models/m/staging/isvc.yaml", "spec.uri", "s3://{environment}/{version}")),
        ("ltv", "production-us", ("ltv/us.env", "VERSION", "{version}")),
        ("ltv", "production-eu", ("ltv/europe.toml", "version", "{version}")),
        ("churn", "production-eu", ("churn.ini", r"^eu = (?P<value>\S+)$", "{version}")),
    ],
)
def test_where_a_region_declares_its_version(model: str, environment: str, found: tuple[str, str, str]) -> None:
    assert place(policy().target_for(model, environment)) == found


def test_the_layout_without_regions_serves_them_by_their_whole_names() -> None:
    there = {"models/m/production-eu/isvc.yaml"}
    found = policy().target_for("m", "production-eu", there.__contains__)
    assert place(found)[0] == "models/m/production-eu/isvc.yaml"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("models/m/production/eu/isvc.yaml", ("m", "production-eu")),
        ("models/m/production-eu/isvc.yaml", ("m", "production-eu")),
        ("models/m/staging/isvc.yaml", ("m", "staging")),
        ("models/m/staging/eu/isvc.yaml", None),
        ("models/m/production/isvc.yaml", None),
        ("models/m/production/mars/isvc.yaml", None),
    ],
)
def test_what_a_path_declares(path: str, found: tuple[str, str] | None) -> None:
    assert policy().match_layout(path) == found


@pytest.mark.parametrize(
    ("name", "stages", "fanned"),
    [
        ("production", ["production-us", "production-eu"], True),
        ("prod", ["production-us", "production-eu"], True),
        ("prod-eu", ["production-eu"], False),
        ("staging", ["staging"], False),
        ("nowhere", [], False),
    ],
)
def test_what_a_name_stands_for(name: str, stages: list[str], fanned: bool) -> None:
    rules = policy()
    assert [stage.name for stage in rules.stages(name)] == stages
    assert rules.is_fanned(name) is fanned


@pytest.mark.parametrize("name", ["production", "prod"])
def test_regions_are_not_one_environment(name: str) -> None:
    with pytest.raises(Refused) as refused:
        policy().environment(name)
    assert refused.value.reason is Reason.UNKNOWN_ENVIRONMENT
    assert refused.value.unblock == "Name one of them: production-us, production-eu."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("environment: staging,", "environment: stagin,", "production.after.environment: no such environment; did you"),
        ("environment: staging,", "environment: archive,", "archive does not stand before production"),
        ("environment: staging,", "environment: production,", "production does not stand before production"),
        ("environment: staging,", "environment: production-us,", "production-us does not stand before production"),
        ("first: us", "first: ap", "production.fan_out: expected first to be one of the regions: eu, us"),
        ("[eu, us]", "[us, us]", "production.fan_out: expected regions, each once"),
        ("regions: [eu, us], first: us", "regions: []", "production.fan_out: expected regions, each once"),
        ("[eu, us]", "['e u', us]", "production.fan_out.regions[0]"),
        ("[eu, us]", f"[eu, us, {'e' * 60}]", "production.fan_out.regions: 'production-eeee"),
        ("  staging: {}", "  staging: {aliases: [production-eu]}", "'production-eu' is a name of staging already"),
        ("  staging: {}", "  staging: {aliases: [prod-eu]}", "'prod-eu' is a name of staging already"),
        ("  staging: {}", "  staging: {rollout: {application: '{region}'}}", "staging has no fan_out"),
        ("'^{region} = ", "'^all = ", "models.churn.targets.production-eu: churn.ini"),
        ("      production-eu:\n", "      production-ap:\n", "targets.production-ap: no such environment"),
        ("[ltv/europe.toml]", '["ltv/{region}.toml"]', "{region} is written, but production-eu has no fan_out"),
        ("at: version, value", "at: version, shared_with: [nowhere], value", "shared_with[0]: no such environment"),
        (
            '    value: "s3://{environment}/{version}"',
            '    value: "s3://{environment}/{version}"\n    when_absent: inherit:production',
            "production has regions; name one of them: production-us, production-eu",
        ),
    ],
)
def test_what_is_wrong(old: str, new: str, fault: str) -> None:
    assert any(fault in found for found in faults(old, new)), faults(old, new)


def test_a_region_that_stands_only_in_the_value_is_one_value_for_all() -> None:
    text = POLICY.replace("/{region}/isvc", "/all/isvc").replace("'regions.\"{region}\".uri'", "uri")
    with pytest.raises(PolicyInvalid, match="one value would serve every region"):
        parse_policy({".slackops.yaml": text.encode()})


def test_a_shared_value_keeps_every_soak() -> None:
    text = """
environments:
  dev: {}
  staging: {after: {environment: dev, soak: 1h}}
  production: {after: {environment: staging, soak: 24h}}
models:
  m:
    targets:
      staging: [{files: [a.yaml], at: v, value: "{version}", shared_with: [production]}]
      production: [{files: [a.yaml], at: v, value: "{version}", shared_with: [staging]}]
"""
    rules = parse_policy({".slackops.yaml": text.encode()})
    target = rules.target_for("m", "staging")
    assert target is not None
    assert [gate.name for gate in rules.judged_by(target).gates] == ["soak dev", "soak staging"]
