"""Targets: formats, what holds where a file says nothing, blocks, shared values and variables of a model's own."""

from __future__ import annotations

import pytest

from bot.domain.policy import Binding, DocSelector, Fault, Policy, PolicyInvalid, parse_policy
from bot.domain.policy.model import Block, Declared

STAGES = "environments: {staging: {}, production: {}}\n"


def parsed(text: str) -> Policy:
    return parse_policy({"p.yaml": text.encode()})


def faults(text: str) -> list[Fault]:
    with pytest.raises(PolicyInvalid) as caught:
        parsed(text)
    return list(caught.value.faults)


def target(entry: str, more: str = "") -> str:
    return f"{STAGES}models: {{m: {{{more}targets: {{production: [{entry}]}}}}}}\n"


PLACE = 'value: "{version}"'


@pytest.mark.parametrize(
    ("file", "said", "at", "format_"),
    [
        ("a/b.yaml", "", "a.b", "yaml"),
        ("a/search-api", "", "a", "yaml"),
        ("a/b.JSON", "", "a.b", "json"),
        ("a/b.toml", "", "a.b", "toml"),
        ("a/.env", "", "A", "dotenv"),
        ("a/.env.prod", "", "A", "dotenv"),
        ("a/prod.env", "", "A", "dotenv"),
        ("a/b.txt", "format: json, ", "a.b", "json"),
        ("a/b.properties", "format: regex, ", "'^a=(?P<value>.+)$'", "regex"),
    ],
)
def test_the_format_is_said_or_in_the_name(file: str, said: str, at: str, format_: str) -> None:
    policy = parsed(target(f"{{files: [{file}], {said}at: {at}, {PLACE}}}"))
    assert [b.format for b in policy.target_for("m", "production").bindings] == [format_]


def test_all_that_a_target_can_say() -> None:
    policy = parsed(
        STAGES
        + """
models:
  m:
    vars:
      build: {pattern: '[0-9a-f]{7,40}', from: registry.tags.image_build}
      digest: {pattern: 'sha256:[0-9a-f]{64}', from: registry.params.digest}
    targets:
      staging:
        - {files: [a.yaml], doc: {kind: K}, at: spec.tag, value: "{version}", shared_with: [production]}
      production:
        - files: [a.yaml]
          doc: {kind: K}
          set: [{at: spec.tag, value: "{version}"}, {role: companion, at: spec.image, value: "r:{build}@{digest}"}]
          when_absent: inherit:staging
          rollback: {mode: block, scope: spec}
          shared_with: [staging]
"""
    )
    found = policy.target_for("m", "production")
    doc = DocSelector("K", None)
    assert found.bindings[0] == Binding("a.yaml", doc, "spec.tag", "{version}", "primary", "yaml", "inherit:staging")
    assert found.bindings[1].inherits == "staging"
    assert found.blocks == (Block("a.yaml", doc, "spec", "yaml"),)
    assert found.shared_with == ("staging",)
    assert found.declared == (
        Declared("build", "[0-9a-f]{7,40}", "registry.tags.image_build"),
        Declared("digest", "sha256:[0-9a-f]{64}", "registry.params.digest"),
    )
    assert policy.target_for("m", "staging").blocks == ()


def test_a_layout_for_all_environments() -> None:
    policy = parsed(
        STAGES
        + """
layouts:
  - files: ["{model}.conf"]
    format: regex
    at: '^{model}\\.{environment}? = (?P<value>.+)$'
    value: "{version}"
    shared_with: [staging, production]
  - {files: ["{model}/{environment}.yaml"], at: tag, value: "{version}", when_absent: inherit:staging,
     rollback: {mode: block, scope: tag}}
"""
    )
    found = policy.target_for("a.b(c)", "production")
    assert found.bindings[0].at == r"^a\.b\(c\)\.production? = (?P<value>.+)$"
    assert found.shared_with == ("staging",)
    second = policy.layouts[1]
    assert second.target("m", "staging").bindings[0].absent == "refuse"
    assert second.target("m", "production").bindings[0].absent == "inherit:staging"
    assert second.target("m", "production").blocks == (Block("m/production.yaml", None, "tag", "yaml"),)


@pytest.mark.parametrize(
    ("entry", "key", "message"),
    [
        (f"files: [a.properties], at: a, {PLACE}", "", "expected format: regex for a.properties"),
        (f"files: [a.yaml], format: xml, at: a, {PLACE}", ".format", "'yaml', 'json', 'toml', 'dotenv'"),
        (f"files: [a.yaml], format: regex, at: a, {PLACE}", ".at", "one named group, (?P<value>…)"),
        (f"files: [a.yaml], format: regex, at: '(?P<value>a', {PLACE}", ".at", "no RE2 regular expression"),
        (f"files: [a.yaml], format: regex, at: '(?P<value>a)(?=b)', {PLACE}", ".at", "no RE2 regular expression"),
        (f"files: [a.yaml], format: regex, at: '(?P<value>a)(?P<b>c)', {PLACE}", ".at", "one named group"),
        (f"files: [.env], at: a.b, {PLACE}", ".at", "a dotenv file has no levels"),
        (f"files: [a.toml], at: a |yaml| b, {PLACE}", ".at", "yaml and json files only"),
        (f"files: [a.toml], doc: {{kind: K}}, at: a, {PLACE}", "", "doc only in yaml and json; a.toml is toml"),
        (
            f"files: [a.yaml, .env], at: a, {PLACE}, when_absent: insert",
            "",
            "when_absent: insert only in yaml and json",
        ),
        (f"files: [a.yaml], at: a, {PLACE}, when_absent: guess", ".when_absent", "refuse, insert, or inherit:ENV"),
        (f"files: [a.yaml], at: a, {PLACE}, when_absent: inherit:stagin", ".when_absent", "did you mean staging?"),
        (f"files: [a.yaml], at: a, {PLACE}, when_absent: inherit:production", ".when_absent", "of this target itself"),
        (f"files: [a.yaml], at: a, {PLACE}, shared_with: [stagin]", ".shared_with[0]", "did you mean staging?"),
        (f"files: [a.yaml], at: a, {PLACE}, shared_with: [production]", ".shared_with[0]", "of this target itself"),
        (f"files: [a.yaml], at: a, {PLACE}, rollback: {{mode: block}}", ".rollback", "scope, a selector, beside mode"),
        (f"files: [a.yaml], at: a, {PLACE}, rollback: {{scope: a}}", ".rollback", "scope, a selector, beside mode"),
        (
            f"files: [a.yaml], at: a, {PLACE}, rollback: {{mode: block, scope: b}}",
            ".rollback.scope",
            "no primary place",
        ),
        (
            f"files: [a.yaml], at: a, {PLACE}, rollback: {{mode: block, scope: 'b['}}",
            ".rollback.scope",
            "expected a key",
        ),
        ("files: [a.yaml], at: a, value: '{build}'", ".value", "unknown variable {build}"),
        (f"files: [a.yaml], at: a, {PLACE}}}, {{files: [a.yaml], format: json, at: b, {PLACE}", None, "one format"),
    ],
)
def test_a_target_must_make_sense(entry: str, key: str | None, message: str) -> None:
    (fault,) = faults(target(f"{{{entry}}}"))
    assert fault.key == "models.m.targets.production" + ("" if key is None else f"[0]{key}")
    assert fault.line == 2
    assert message in fault.message


@pytest.mark.parametrize(
    ("variable", "key", "message"),
    [
        ("build: {pattern: '[0-9]+'}", ".build.from", "is missing"),
        ("build: {pattern: '[0-9]+', from: registry.digest}", ".build.from", "registry.tags.NAME"),
        ("build: {pattern: '([0-9]+)', from: registry.source}", ".build.pattern", "but no other group"),
        ("build: {pattern: 'a.b', from: registry.source}", ".build.pattern", "but no other group, ."),
        ("build: {pattern: '[^a]', from: registry.source}", ".build.pattern", "or [^…]"),
        ("build: {pattern: '[a-z]*', from: registry.source}", ".build.pattern", "matches the empty text"),
        ("build: {pattern: 'a b', from: registry.source}", ".build.pattern", "the pattern allows ' '"),
        (r"build: {pattern: '\s', from: registry.source}", ".build.pattern", "of the escapes only"),
        (r"build: {pattern: '[a-\d]', from: registry.source}", ".build.pattern", "no range of characters"),
        ("build: {pattern: '[é-ü]', from: registry.source}", ".build.pattern", "1 to 200 ASCII characters"),
        ("build: {pattern: 'a{2000}', from: registry.source}", ".build.pattern", "no RE2 regular expression"),
        ("build: {pattern: '[z-a]', from: registry.source}", ".build.pattern", "no RE2 regular expression"),
        ("version: {pattern: a, from: registry.source}", ".version", "the bot knows this variable already"),
        ("Build: {pattern: a, from: registry.source}", ".Build", "a variable's name"),
        ("build: {pattern: a, from: registry.source, type: int}", ".build.type", "unknown key"),
    ],
)
def test_a_variable_must_make_sense(variable: str, key: str, message: str) -> None:
    text = f"models:\n  m:\n    vars:\n      {variable}\n"
    (fault,) = faults(text)
    assert (fault.line, fault.key) == (4, f"models.m.vars{key}")
    assert message in fault.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{verson}", "unknown variable {verson}; did you mean {version}?"),
        ("{version}/{biuld}", "unknown variable {biuld}; did you mean {build}?"),
        ("{build}{version}", "{build} and {version} cannot be told apart; put a `/` or `:` between them"),
        ("{build}", "{version}, {run_id} or {model_id} in the value of a primary place"),
    ],
)
def test_a_template_and_the_models_variables(value: str, message: str) -> None:
    entry = f"{{files: [a.yaml], at: a, value: '{value}'}}"
    (fault,) = faults(target(entry, "vars: {build: {pattern: '[0-9a-f]{7,40}', from: registry.source}}, "))
    assert message in fault.message


def test_a_layout_has_no_variables_of_a_model() -> None:
    (fault,) = faults("layouts: [{files: ['{model}.yaml'], at: a, value: '{version}/{build}'}]\n")
    assert fault.key == "layouts[0].value"
    assert "vars belong to one model; a layout holds none of them" in fault.message


def test_a_wrong_template_is_told_beside_other_faults() -> None:
    found = faults(
        "bogus: 1\nmodels:\n  m:\n    targets:\n      p:\n        - {files: [a.yaml], at: a, value: '{x}'}\n"
    )
    assert [fault.line for fault in found] == [1, 5, 6]


COMPANION = "{files: [b.yaml], set: [{role: companion, at: x, value: 'c-{version}'}]}"
PRIMARY = "{files: [a.yaml], at: x, value: '{version}'}"


def test_an_entry_may_hold_companions_only_where_another_says_the_version() -> None:
    (made,) = parsed(target(f"{PRIMARY}, {COMPANION}")).models["m"].targets.values()
    assert [(one.file, one.role) for one in made.bindings] == [("a.yaml", "primary"), ("b.yaml", "companion")]


LAID_OUT = COMPANION.replace("b.yaml", "'{model}/{environment}.yaml'")


@pytest.mark.parametrize("text", [target(COMPANION), f"{STAGES}layouts: [{LAID_OUT}]\n"], ids=["target", "layout"])
def test_something_must_say_the_version(text: str) -> None:
    assert any("in the value of a primary place" in fault.message for fault in faults(text))
