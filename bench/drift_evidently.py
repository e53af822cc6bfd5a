"""The yardstick, run by a Python that has Evidently 0.7 and nothing of ours: one report a model, verdicts and seconds.

``PYTHON drift_evidently.py MODELS ROWS``; prints one line of JSON a model.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from drift_data import columns  # type: ignore[import-not-found]


def main() -> None:
    """The report as a notebook makes it, and its figures as JSON; what comes before is not counted."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for model in range(int(sys.argv[1])):
        sides = [pd.DataFrame(columns(model, int(sys.argv[2]), drifted=drifted)) for drifted in (False, True)]
        start = time.perf_counter()
        told = json.loads(Report([DataDriftPreset()], include_tests=True).run(sides[1], sides[0]).json())
        taken = time.perf_counter() - start
        bad = [
            one["name"].rsplit(" ", 1)[-1] for one in told["tests"] if one["id"] == "drift" and one["status"] == "FAIL"
        ]
        methods = sorted({one["config"]["method"] for one in told["metrics"] if "column" in one["config"]})
        print(json.dumps({"seconds": taken, "bad": bad, "methods": methods}), flush=True)


if __name__ == "__main__":
    main()
