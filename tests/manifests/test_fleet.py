"""A fleet is read as `read` reads it, file for file; only faster."""

from __future__ import annotations

import pytest

from bot.domain.policy import Binding, DocSelector, Target
from bot.domain.policy.layouts import Layout
from bot.manifests import read
from bot.manifests.fleet import FleetReader
from bot.manifests.fleet_lane import Lane
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf

KSERVE = """# {model} in {environment}: {team}
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {model}
  labels: {{app: "{model}", env: '{environment}'}}
spec:
  predictor:
    model: {{modelFormat: {{name: sklearn}}, storageUri: "s3://models/{model}/{version}/model"}}
    image: registry.acme.io:5000/{model}:{version}   # pinned by the bot
"""
BOUND = (
    Binding("models/{model}/{environment}/isvc.yaml", DocSelector("InferenceService", "{model}"),
            "spec.predictor.model.storageUri", "s3://models/{model}/{version}/model"),
    Binding("models/{model}/{environment}/isvc.yaml", None,
            "spec.predictor.image", "registry.acme.io:5000/{model}:{version}", "companion"),
)  # fmt: skip


def laid_out(bindings: tuple[Binding, ...], model: str, environment: str) -> Target:
    return Layout(bindings).target(model, environment)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose files were parsed."""
    seen: list[str] = []
    parse = OpenTarget.leaf

    def counted(opened: OpenTarget, binding: Binding) -> Leaf:
        seen.extend({opened.target.model} - set(seen))
        return parse(opened, binding)

    monkeypatch.setattr(OpenTarget, "leaf", counted)
    return seen


def test_look_alikes_are_not_parsed(parsed: list[str]) -> None:
    reader, files = FleetReader(), []
    for number in range(40):
        target = laid_out(BOUND, f"model-{number}", ("staging", "production")[number % 2])
        text = KSERVE.format(model=target.model, environment=target.environment, version=f"{number}.1", team="red")
        found = reader.read(target, {target.files[0]: text.encode()})
        assert (found.state, found.version, found.line) == ("pinned", f"{number}.1", 9)
        files.append((target, {target.files[0]: text.encode()}, found))
    assert parsed == ["model-0"]
    assert all(read(target, content) == found for target, content, found in files)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_says_nothing_is_inherited_without_a_parse(parsed: list[str], newline: str) -> None:
    reader = FleetReader()
    bound = (Binding("charts/{model}/{environment}.yaml", None, "{model}.tag", "{version}", absent="inherit:staging"),)
    for number in range(20):
        target = laid_out(bound, f"m{number}", "production")
        files = {target.files[0]: f"{target.model}:\n  replicas: 2\n".replace("\n", newline).encode()}
        found = reader.read(target, files)
        assert (found.state, found.inherits) == ("inherited", "staging")
        assert reader.read(target, {}).state == "inherited"
    assert parsed == ["m0"]
    assert found == read(target, files)
    assert reader.read(target, {}) == read(target, {})


def test_files_of_a_target_may_disagree() -> None:
    reader = FleetReader()
    bound = (Binding("{model}/a.yaml", None, "tag", "{version}"), Binding("{model}/b.json", None, "tag", "v{version}"))
    for number in range(12):
        target = laid_out(bound, f"m{number}", "production")
        one, other = f"tag: '{number}'\n".encode(), b'{"name": "m%d", "tag": "v%d"}' % (number, number % 10)
        files = {target.files[0]: one, target.files[1]: other}
        assert reader.read(target, files) == read(target, files)
        assert reader.read(target, files).state == ("pinned" if number < 10 else "mixed")


def test_shapes_are_bounded() -> None:
    reader = FleetReader()
    for number in range(600):
        target = laid_out((Binding("{model}.yaml", None, "tag", "{version}"),), "m", "production")
        files = {"m.yaml": f"own: {number}\ntag: '1'\n".encode()}
        assert reader.read(target, files) == read(target, files)
    assert reader._shapes._count <= 128


LONG = "x" * 100
# A text that model after model stands in, with a value each: what the first teaches must not be held of the others.
TRAPS = {
    "block header": ("k: |{m}\n    text\ntag: '{v}'\n", "tag", [("2", "1"), ("q", "1")]),
    "alias": ("k: &q 1\nr: *{m}\ntag: '{v}'\n", "tag", [("q", "1"), ("w", "1")]),
    "escape": ("k: \"\\{m}\"\ntag: '{v}'\n", "tag", [("n", "1"), ("q", "1")]),
    "escaped name": ("\"\\u0071\": 1\n{m}: 2\ntag: '{v}'\n", "tag", [("w", "1"), ("q", "1")]),
    "directive": ("%{m} 1.1\n---\ntag: '{v}'\n", "tag", [("YAML", "1"), ("TAG", "1")]),
    "long key": ("{m}" * 12 + ": 1\ntag: '{v}'\n", "tag", [("q", "1"), (LONG, "1")]),
    "template": ("# {{{{ {m}\ntag: '{v}'\n", "tag", [("q", "1"), ("if", "1")]),
    "mark": ("ⓜ: 1\n{m}: 1\ntag: '{v}'\n", "tag", [("q", "1"), ("w", "1")]),
    "mark as a key": ("'ⓜ': 1\n'q': 1\ntag: '{v}'\n", "tag", [("w", "1"), ("q", "1")]),
    "key twice": ("{m}: 1\ntag: '{v}'\n", "tag", [("q", "1"), ("tag", "1")]),
    "no value": ("spec: {m}\n", "spec.tag", [("q", ""), ("null", ""), ("w", "")]),
    "part of no value": ("spec: nu{m}\n", "spec.tag", [("q", ""), ("ll", ""), ("w", "")]),
    "its own judge": ("l: [{{tag: '{v}'}}, {{tag: '9'}}]\n", "l[tag=7].tag", [("q", "7"), ("w", "8"), ("z", "9")]),
    "no text": ("tag: {v}\n", "tag", [("q", "1"), ("w", "1.10"), ("z", "yes"), ("k", "0x1f"), ("j", "null")]),
    "colon": ("l: [tag: {v}]\n", "l[0].tag", [("q", "x"), ("w", "x:y"), ("z", "x:"), ("k", "x: y")]),
    "range": ("tag: '{v}'\n", "tag", [("q", "1"), ("w", "1.x"), ("z", "latest"), ("1", "1.x")]),
    "name in value": ("tag: '{v}'\n", "tag", [("q", "1"), ("w", "w1"), ("z", "zz"), ("k", "production")]),
    "comment": ("tag: {v}\n", "tag", [("q", "1"), ("w", "1 # 2"), ("z", "1#2"), ("k", "1\n  2"), ("j", "'1'")]),
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_looks_alike_and_is_not(name: str) -> None:
    text, at, rounds = TRAPS[name]
    layout, reader = Layout((Binding("{model}.yaml", None, at, "{version}", absent="inherit:staging"),)), FleetReader()
    for model, value in rounds * 2:
        target = layout.target(model, "production")
        files = {f"{model}.yaml": text.format(m=model, v=value).encode()}
        assert reader.read(target, files) == read(target, files)
        assert reader.read_laid_out(Lane(layout, "production"), model, files) == read(target, files)


def test_a_number_of_json_is_no_name() -> None:
    layout, reader = Layout((Binding("{model}.json", None, "tag", "{version}", format="json"),)), FleetReader()
    for model in ("1", "a", "2", "b"):
        target = layout.target(model, "production")
        files = {f"{model}.json": b'{"n": %s, "tag": "4"}' % model.encode()}
        assert reader.read(target, files) == read(target, files)


def test_a_file_of_many_models_is_parsed_once(parsed: list[str]) -> None:
    names = [f"model-{number}" for number in range(50)]
    text = "".join(f"{name}:\n  tag: v{number}\n" for number, name in enumerate(names)).encode()
    reader, found = FleetReader(), []
    for name in names:
        target = Target(name, "production", (Binding("all.yaml", None, f"{name}.tag", "v{version}"),))
        found.append(reader.read(target, {"all.yaml": bytes(bytearray(text))}).version)
    assert found == [str(number) for number in range(50)]
