"""Environments that share a value or inherit a version, and blocks that are restored whole."""

from __future__ import annotations

import pytest

from bot.domain.policy import Fault, Policy, PolicyInvalid, parse_policy

STAGES = "environments: {dev: {}, staging: {}, production: {}}\n"
VALUE = 'value: "{version}"'


def parsed(text: str) -> Policy:
    return parse_policy({"p.yaml": (STAGES + text).encode()})


def faults(text: str) -> list[Fault]:
    with pytest.raises(PolicyInvalid) as caught:
        parsed(text)
    return list(caught.value.faults)


def targets(**entries: str) -> str:
    each = "".join(f"      {stage}: [{{files: [a.yaml], at: tag, {VALUE}{more}}}]\n" for stage, more in entries.items())
    return f"models:\n  m:\n    targets:\n{each}"


def test_a_shared_value_is_fine_when_each_names_the_others() -> None:
    text = targets(
        dev=", shared_with: [staging, production]",
        staging=", shared_with: [dev, production]",
        production=", shared_with: [dev, staging]",
    )
    assert parsed(text).target_for("m", "staging").shared_with == ("dev", "production")


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ({"dev": "", "production": ""}, ["production"]),
        ({"dev": ", shared_with: [production]", "production": ""}, ["production"]),
        ({"dev": "", "production": ", shared_with: [dev]"}, ["production"]),
        (
            {
                "dev": ", shared_with: [staging, production]",
                "staging": ", shared_with: [dev]",
                "production": ", shared_with: [dev]",
            },
            ["production"],
        ),
    ],
)
def test_a_shared_value_that_one_does_not_name(entries: dict[str, str], found: list[str]) -> None:
    seen = faults(targets(**entries))
    assert [fault.key for fault in seen] == [f"models.m.targets.{stage}" for stage in found]
    assert "name the other environment in shared_with of both" in seen[0].message


@pytest.mark.parametrize("named", [[], ["dev"], ["dev", "staging"]])
def test_a_layout_for_all_environments_names_them_all(named: list[str]) -> None:
    (fault,) = faults(
        f"layouts: [{{files: ['{{model}}.yaml'], at: tag, {VALUE}, shared_with: [{', '.join(named)}]}}]\n"
    )
    assert fault.key == "layouts[0]"
    assert "production is not there" in fault.message


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (
            targets(dev=", when_absent: inherit:staging").replace("a.yaml", "d.yaml")
            + f"      staging: [{{files: [s.yaml], at: tag, {VALUE}, when_absent: inherit:dev}}]\n",
            "models.m.targets.dev",
            "dev inherits from staging inherits from dev: nobody says the version",
        ),
        (
            f"""layouts:
  - {{files: ["a/{{model}}/{{environment}}.yaml"], at: tag, {VALUE}, when_absent: inherit:staging}}
  - {{files: ["b/{{model}}/{{environment}}.yaml"], at: tag, {VALUE}, when_absent: inherit:dev}}
""",
            "layouts",
            "nobody says the version",
        ),
        (
            f"""layouts:
  - {{files: ["{{model}}/{{environment}}.yaml"], at: tag, {VALUE}, when_absent: inherit:production}}
models: {{m: {{targets: {{production: [{{files: [x.yaml], at: tag, {VALUE}, when_absent: inherit:staging}}]}}}}}}
""",
            "models.m.targets.production",
            "production inherits from staging inherits from production",
        ),
    ],
)
def test_no_environment_inherits_from_itself(text: str, key: str, message: str) -> None:
    (fault,) = faults(text)
    assert fault.key == key
    assert message in fault.message


def test_a_chain_of_inheritance_is_fine() -> None:
    files = {"dev": "", "staging": "inherit:dev", "production": "inherit:staging"}
    each = "".join(
        f"      {stage}: [{{files: [{stage}.yaml], at: tag, {VALUE}, when_absent: {absent or 'refuse'}}}]\n"
        for stage, absent in files.items()
    )
    policy = parsed(f"models:\n  m:\n    targets:\n{each}")
    inherited = [policy.target_for("m", stage).bindings[0].inherits for stage in files]
    assert inherited == [None, "dev", "staging"]


BLOCK = "rollback: {mode: block, scope: "


@pytest.mark.parametrize(
    ("text", "key", "whose"),
    [
        (
            f"layouts: [{{files: ['{{model}}.yaml'], at: 'envs.{{environment}}.tag', {VALUE}, {BLOCK}envs}}}}]",
            "layouts[0].rollback.scope",
            "one model in staging",
        ),
        (
            f"layouts: [{{files: ['{{environment}}.yaml'], at: 'all.{{model}}.tag', {VALUE}, {BLOCK}all}}}}]",
            "layouts[0].rollback.scope",
            "another in dev",
        ),
        (
            f"""models: {{m: {{targets: {{
  dev: [{{files: [a.yaml], at: x.dev, {VALUE}}}],
  staging: [{{files: [a.yaml], at: x.staging, {VALUE}, {BLOCK}x}}}}]}}}}}}""",
            "models.m.targets.staging",
            "m in dev",
        ),
    ],
)
def test_a_block_holds_nothing_of_others(text: str, key: str, whose: str) -> None:
    (fault,) = faults(text)
    assert fault.key == key
    assert f"holds a value of {whose} too" in fault.message


def test_a_block_of_its_own_is_fine() -> None:
    place = "'envs.{environment}.tag'"
    parsed(f"layouts: [{{files: ['{{model}}.yaml'], at: {place}, {VALUE}, {BLOCK}'envs.{{environment}}'}}}}]")
