"""Signatures out of MLmodel files, in every form that MLflow writes, and in forms that nobody should."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.mlflow_registry.signature import read_signature
from bot.domain.facts import Column, Signature

LONG, DOUBLE = {"type": "long", "required": True}, {"type": "double"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "name", "items"]), inner),
    max_leaves=8,
)


def mlmodel(inputs: Any, outputs: Any = None, **more: Any) -> str:
    said = {"inputs": json.dumps(inputs) if inputs else None, "outputs": json.dumps(outputs) if outputs else None}
    return yaml.safe_dump({"model_id": "m-1", "flavors": {}, "signature": {**said, "params": None}, **more})


@pytest.mark.parametrize(
    ("spec", "column"),
    [
        ({"name": "age", **LONG}, Column("age", "long")),
        ({"name": "age", "type": "long"}, Column("age", "long")),
        ({"name": "age", "type": "long", "required": False}, Column("age", "long", required=False)),
        ({"name": "age", "type": "array", "items": DOUBLE, "required": None}, Column("age", "array<double>")),
        (DOUBLE, Column("", "double")),
        ({"name": 0, "type": "double"}, Column("0", "double")),
        (
            {"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28, 28]}},
            Column("", "float32(-1, 28, 28)"),
        ),
        ({"name": "a", "type": "tensor", "tensor-spec": {"dtype": "str", "shape": []}}, Column("a", "str()")),
        ({"name": "a", "type": "array", "items": {"type": "array", "items": LONG}}, Column("a", "array<array<long>>")),
        ({"name": "a", "type": "map", "values": {"type": "any"}}, Column("a", "map<any>")),
        ({"name": "a", "type": "sparkml_vector"}, Column("a", "sparkml_vector")),
        (
            {"name": "a", "type": "object", "properties": {"z": {"type": "string", "required": False}, "b": LONG}},
            Column("a", "object{b: long, z?: string}"),
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Column) else "",
)
def test_a_column(spec: dict[str, Any], column: Column) -> None:
    assert read_signature(mlmodel([spec], [spec])) == Signature((column,), (column,))


def test_what_mlflow_itself_writes() -> None:
    np = pytest.importorskip("numpy")
    from mlflow.types.schema import Array, ColSpec, Map, Object, Property, Schema, TensorSpec

    place = Object([Property("lat", "double"), Property("name", "string", required=False)])
    columns: list[ColSpec | TensorSpec] = [
        ColSpec(Array("double"), "a", required=False),
        ColSpec(place, "b"),
        ColSpec(Map(Array("integer")), "c"),
    ]
    inputs, outputs = Schema(columns), Schema([TensorSpec(np.dtype("float32"), (-1, 28, 28))])
    said = {"inputs": inputs.to_json(), "outputs": outputs.to_json(), "params": None}
    assert read_signature(yaml.safe_dump({"signature": said})) == Signature(
        (
            Column("a", "array<double>", required=False),
            Column("b", "object{lat: double, name?: string}"),
            Column("c", "map<array<integer>>"),
        ),
        (Column("", "float32(-1, 28, 28)"),),
    )


def test_one_side_alone() -> None:
    assert read_signature(mlmodel([LONG])) == Signature((Column("", "long"),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "model_id: m-1",
        "- a list",
        "signature:",
        "signature: yes",
        "signature: {inputs: '', outputs: null}",
        "signature: {inputs: 'no json'}",
        "signature: {inputs: '{}'}",
        "signature: {inputs: 7}",
        "signature: {inputs: '[7]'}",
        "signature: {inputs: '[{}]'}",
        'signature: {inputs: \'[{"type": "tensor"}]\'}',
        'signature: {inputs: \'[{"type": "object", "properties": 1}]\'}',
        "signature: [",
        "!!python/object/apply:os.system ['true']",
        "signature: {inputs: '" + "[" * 100_000 + "'}",
        mlmodel([LONG]) + "#" * (1 << 20),
    ],
    ids=[f"broken-{n}" for n in range(17)],
)
def test_what_cannot_be_read_is_none(text: str) -> None:
    assert read_signature(text) is None


def test_a_type_without_end_is_cut() -> None:
    spec: dict[str, Any] = {"type": "long"}
    for _ in range(50):
        spec = {"type": "array", "items": spec}
    found = read_signature(mlmodel([spec]))
    assert found is not None
    assert found.inputs[0].type == "array<" * 9 + "…" + ">" * 9


@given(JSON, JSON)
def test_nothing_raises(inputs: object, outputs: object) -> None:
    for said in ({"inputs": inputs, "outputs": outputs}, {"inputs": json.dumps([inputs]), "outputs": None}, inputs):
        read_signature(yaml.safe_dump({"signature": said}))
