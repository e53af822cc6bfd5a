"""The signature out of an MLmodel file (https://mlflow.org/docs/latest/ml/model/signatures/).

MLflow's own reader needs pandas, which mlflow-skinny leaves out. The file is YAML; `signature` holds `inputs` and
`outputs`, each a JSON list of column or tensor specifications in a string.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from bot.domain.facts import Column, Signature

MOST_BYTES = 1 << 20
MOST_DEPTH = 8
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_signature(mlmodel: str) -> Signature | None:
    """None where the file has none, or one that cannot be read: whoever logged it, nobody is kept from anything."""
    if len(mlmodel) > MOST_BYTES:
        return None
    try:
        told = yaml.load(mlmodel, Loader=_LOADER)  # noqa: S506  (a safe loader)
        said = told.get("signature") if isinstance(told, dict) else None
        return _signature(said) if isinstance(said, dict) else None
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _signature(said: dict[str, Any]) -> Signature | None:
    found = Signature(_columns(said.get("inputs")), _columns(said.get("outputs")))
    return found if found.inputs or found.outputs else None


def _columns(said: Any) -> tuple[Column, ...]:
    listed = json.loads(said) if isinstance(said, str) and said else said or []
    return tuple(_column(one) for one in listed)


def _column(one: dict[str, Any]) -> Column:
    """``required`` is left out by MLflow before 2.6, when everything was, and where it says that itself."""
    name = one.get("name")
    return Column("" if name is None else str(name), _type(one), one.get("required") is not False)


def _type(one: dict[str, Any], depth: int = 0) -> str:
    """`double`, `float32(-1, 28, 28)`, `array<string>`, `object{age: long, city?: string}`, `map<double>`."""
    if depth > MOST_DEPTH:
        return "…"
    match one["type"]:
        case "tensor":
            spec = one["tensor-spec"]
            return f"{spec['dtype']}({', '.join(str(int(dim)) for dim in spec['shape'])})"
        case "array":
            return f"array<{_type(one['items'], depth + 1)}>"
        case "map":
            return f"map<{_type(one['values'], depth + 1)}>"
        case "object":
            said = sorted(one["properties"].items())
            return "object{" + ", ".join(_property(str(name), each, depth) for name, each in said) + "}"
        case plain:
            return str(plain)


def _property(name: str, one: dict[str, Any], depth: int) -> str:
    return f"{name}{'?' if one.get('required') is False else ''}: {_type(one, depth + 1)}"
