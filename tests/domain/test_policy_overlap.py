"""No spelling of a place gets one environment's value under another environment's rules."""

from __future__ import annotations

import time

import pytest

from bot.domain.policy import Fault, PolicyInvalid, parse_policy

STAGES = "environments: {staging: {}, production: {approvals: {required: 2}}}\n"
VALUE = 'value: "{version}"'


def faults(text: str, stages: str = STAGES) -> list[Fault]:
    try:
        parse_policy({"p.yaml": (stages + text).encode()})
    except PolicyInvalid as invalid:
        return list(invalid.faults)
    return []


def own(staging: str, production: str, also: str = "") -> str:
    entries = (
        f"{stage}: [{{{place}, {VALUE}}}]" for stage, place in (("staging", staging), ("production", production))
    )
    return f"models: {{m: {{targets: {{{', '.join(entries)}}}}}{also}}}\n"


@pytest.mark.parametrize(
    ("staging", "production"),
    [
        ("files: [x.yaml], at: 'a.\"b\"'", "files: [x.yaml], at: a.b"),
        ("files: [x.yaml], at: a.b, doc: {kind: K}", "files: [x.yaml], at: a.b"),
        ("files: [x.yaml], at: a.b, doc: {kind: K}", "files: [x.yaml], at: a.b, doc: {name: n}"),
        ("files: [x.yaml], at: 'a[0].b'", "files: [x.yaml], at: 'a[name=x].b'"),
        ("files: [x.yaml], at: 'a[name=x].b'", "files: [x.yaml], at: 'a[kind=y].b'"),
        ("files: [x.yaml], at: 'a |yaml| b'", "files: [x.yaml], at: a"),
        ("files: [x.yaml], at: 'a |yaml| b'", "files: [x.yaml], at: 'a |json| b'"),
        ("files: [x.json], at: a", "files: [x.json], at: a, format: yaml"),
        ("files: [x.yaml], at: 'a: (?P<value>.*)', format: regex", "files: [x.yaml], at: a"),
    ],
)
def test_one_place_in_two_spellings(staging: str, production: str) -> None:
    (fault,) = faults(own(staging, production))
    assert fault.key == "models.m.targets.production"
    assert "name the other environment in shared_with of both" in fault.message


@pytest.mark.parametrize(
    ("staging", "production"),
    [
        ("files: [x.yaml], at: a.b", "files: [x.yaml], at: a.c"),
        ("files: [x.yaml], at: a.b", "files: [x.yaml], at: a.b.c"),
        ("files: [x.yaml], at: 'a[0].b'", "files: [x.yaml], at: 'a[1].b'"),
        ("files: [x.yaml], at: 'a[name=x].b'", "files: [x.yaml], at: 'a[name=y].b'"),
        ("files: [x.yaml], at: a.b, doc: {name: n}", "files: [x.yaml], at: a.b, doc: {name: o}"),
        ("files: [x.yaml], at: 'a |yaml| b'", "files: [x.yaml], at: 'a |yaml| c'"),
        ("files: [x], at: '^a=(?P<value>.*)$', format: regex", "files: [x], at: '^b=(?P<value>.*)$', format: regex"),
    ],
)
def test_places_that_cannot_be_one(staging: str, production: str) -> None:
    assert faults(own(staging, production)) == []


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        (
            f"""models:
  a: {{targets: {{staging: [{{files: [x.yaml], at: v, {VALUE}}}]}}}}
  b: {{targets: {{production: [{{files: [x.yaml], at: v, {VALUE}}}]}}}}
""",
            "models.b.targets.production",
            "x.yaml v is a in staging already",
        ),
        (
            f"""layouts:
  - {{files: ["{{model}}/{{environment}}.yaml"], at: a, {VALUE}}}
  - {{files: ["{{model}}/production.yaml"], at: a, {VALUE}, shared_with: [staging, production]}}
""",
            "layouts[1]",
            "is staging here, and production in layouts[0]",
        ),
        (
            f"""models:
  a: {{targets: {{staging: [{{files: [x.yaml], at: v.a, {VALUE}, rollback: {{mode: block, scope: v}}}}]}}}}
  b: {{targets: {{production: [{{files: [x.yaml], at: v.b, {VALUE}}}]}}}}
""",
            "models.a.targets.staging",
            "x.yaml v holds a value of b in production too",
        ),
        (
            f"""layouts: [{{files: [x.yaml], at: 'v."{{model}}-{{environment}}"', {VALUE}}}]
models: {{a: {{targets: {{staging: [{{files: [x.yaml], at: v.a, {VALUE}, rollback: {{mode: block, scope: v}}}}]}}}}}}
""",
            "models.a.targets.staging",
            "x.yaml v holds a value of a in production too",
        ),
        (
            own(
                "files: [x.yaml], at: 'a[0].b', rollback: {mode: block, scope: 'a[0]'}",
                "files: [x.yaml], at: 'a[k=x].c'",
            ),
            "models.m.targets.staging",
            "x.yaml a[0] holds a value of m in production too",
        ),
        (
            own(
                "files: [x.yaml], at: a.b, doc: {kind: K}, rollback: {mode: block, scope: a}",
                "files: [x.yaml], at: a.c",
            ),
            "models.m.targets.staging",
            "x.yaml a holds a value of m in production too",
        ),
    ],
)
def test_two_targets_in_one_place(text: str, key: str, message: str) -> None:
    (fault,) = faults(text)
    assert fault.key == key
    assert message in fault.message


@pytest.mark.parametrize(
    ("stages", "files", "at", "found"),
    [
        ("prod, prod-eu", "{environment}-{model}.yaml", "a", True),
        ("eu, west-eu", "{model}-{environment}.yaml", "a", True),
        ("prod, prod-eu", "all.yaml", "'{environment}-{model}'", True),
        ("prod, prod-eu", "{environment}/{model}.yaml", "a", False),
        ("prod, prod-eu", "{model}/{environment}-{model}.yaml", "a", False),
        ("staging, production", "{environment}-{model}.yaml", "a", False),
    ],
)
def test_names_that_run_into_each_other(stages: str, files: str, at: str, found: bool) -> None:
    each = ", ".join(f"{stage}: {{}}" for stage in stages.split(", "))
    seen = faults(f"layouts: [{{files: ['{files}'], at: {at}, {VALUE}}}]\n", f"environments: {{{each}}}\n")
    assert [(fault.key, "put a / between" in fault.message) for fault in seen] == [("layouts[0]", True)] * found


def test_names_make_no_selector_too_long_to_be_judged() -> None:
    stages = [f"e{'x' * 60}{number}" for number in range(2)]
    scope = "{environment}" * 70
    block = f"rollback: {{mode: block, scope: '{scope}'}}"
    text = f"layouts: [{{files: ['{{model}}.yaml'], at: '{scope}.a', {VALUE}, {block}}}]"
    assert faults(text, f"environments: {{{stages[0]}: {{}}, {stages[1]}: {{}}}}\n")


def test_many_models_beside_many_layouts_are_judged_soon() -> None:
    stages = f"environments: {{{', '.join(f'e{number}: {{}}' for number in range(20))}}}\n"
    layouts = "".join(f"- {{files: ['l{n}/{{model}}/{{environment}}'], at: a, {VALUE}}}\n" for n in range(50))
    models = "".join(f"  m{n}: {{targets: {{e1: [{{files: [x{n}], at: b, {VALUE}}}]}}}}\n" for n in range(300))
    before = time.process_time()
    assert faults(f"layouts:\n{layouts}models:\n{models}", stages) == []
    assert time.process_time() - before < 4


@pytest.mark.parametrize(
    "text", ['"a\\nb": 1\n', 'models: {"m\\u202e": {targets: {"x\\ny": []}}}\n', '"\\u2028": {}\n']
)
def test_no_key_speaks_through_a_fault(text: str) -> None:
    found = faults(text)
    assert found
    assert all(str(fault).isprintable() for fault in found)


def test_long_names_are_not_compared() -> None:
    names = ["".join(chr(0x4E00 + (number * step) % 701) for number in range(40_000)) for step in (7, 11)]
    before = time.process_time()
    models = f'models: {{m: {{targets: {{? "{names[0]}" : []}}}}}}\n'
    assert faults(models, f'environments: {{? "{names[1]}" : {{}}}}\n')
    assert time.process_time() - before < 3
