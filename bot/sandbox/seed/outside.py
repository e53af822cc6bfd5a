"""What a pipeline or a person does in the registry, by MLflow's own client.

Run as a program, ``python -m bot.sandbox.seed.outside DATA_DIR WORDS``, with MLFLOW_TRACKING_URI set, where WORDS are
``train MODEL KIND COMMIT [TAG=VALUE ...]``, ``alias MODEL ALIAS VERSION`` or ``tag MODEL VERSION KEY VALUE``;
it prints what it made.
"""

from __future__ import annotations

import math
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.seed.recipes import LINES, NEXT, Line

if TYPE_CHECKING:
    from bot.sandbox.seed.training import Trained

KINDS = ("good", "regressed", "nan", "incompatible")


def trained(line: Line, kind: str) -> Trained:
    """A version that is fine, measures worse, lost a metric on its way, or asks its callers for another column."""
    from bot.sandbox.seed.training import train

    found = train(line, NEXT[line.name][kind == "regressed"])
    if kind == "nan":
        return replace(found, metrics={**found.metrics, line.primary: math.nan})
    if kind == "incompatible":
        return replace(found, features=(*found.features[:-1], f"{found.features[-1]} (scaled)"))
    return found


def main(data_dir: Path, words: list[str]) -> str:
    """Do it and say what came of it."""
    from mlflow import MlflowClient

    from bot.sandbox.seed.publish import Publisher

    uri = os.environ["MLFLOW_TRACKING_URI"]
    client = MlflowClient(uri, uri)
    match words:
        case ["train", model, kind, commit, *pairs]:
            line = next(one for one in LINES if one.name == model)
            tags = dict(pair.split("=", 1) for pair in pairs)
            return Publisher(uri, data_dir / "mlartifacts").add(
                line, trained(line, kind), commit, passed=kind != "regressed", more=tags
            )
        case ["alias", model, alias, version]:
            client.set_registered_model_alias(model, alias, version)
        case ["tag", model, version, key, value]:
            client.set_model_version_tag(model, version, key, value)
        case _:
            raise SystemExit(f"not known: {words}")
    return ""


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2:]))
