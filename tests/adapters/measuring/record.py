"""Records what Evidently says of the seeded data sets. Not run by the tests:

python -m venv /somewhere && /somewhere/bin/pip install evidently==0.7.23
/somewhere/bin/python tests/adapters/measuring/record.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from seeded import CASES, Case  # type: ignore[import-not-found]  # noqa: E402

NAMES = {"chi_square": "chisquare", "auto": None}


def record(name: str, case: Case) -> dict[str, Any]:
    """The report's figures and what its tests say."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    reference, current = (pd.DataFrame(side) for side in case.data(name))
    preset = DataDriftPreset(
        num_method=NAMES.get(case.numeric, case.numeric),
        cat_method=NAMES.get(case.categorical, case.categorical),
        num_threshold=next(iter(case.thresholds.values()), None),
        drift_share=case.share,
    )
    report = json.loads(Report([preset], include_tests=True).run(current, reference).json())
    kept = ("metric_name", "config", "value")
    metrics = [{key: one[key] for key in kept} for one in report["metrics"]]
    return {"metrics": metrics, "tests": [{key: one[key] for key in ("name", "status")} for one in report["tests"]]}


def main() -> None:
    """One file a data set."""
    import evidently

    for name, case in CASES.items():
        found = {"evidently": evidently.__version__, **record(name, case)}
        (HERE / "recorded" / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")
        print(name, [one["status"] for one in found["tests"]])


if __name__ == "__main__":
    main()
