"""How a job fails here: what it says, where in the code, and the end of its log."""

from __future__ import annotations

from typing import Any

FAILING = "unit-tests"
PATH = "tests/test_features.py"
SUBJECT = "Read the features in batches of 128"
SUMMARY = "1 failed, 7 passed"
ANNOTATIONS: tuple[dict[str, Any], ...] = (
    {
        "path": PATH,
        "start_line": 9,
        "end_line": 9,
        "annotation_level": "failure",
        "title": "test_a_batch_is_full",
        "message": "AssertionError: expected 128 rows, got 0; the feature store closed the connection",
    },
)
LOG = """Run pytest -q
.......F                                                                  [100%]
=================================== FAILURES ===================================
_____________________________ test_a_batch_is_full _____________________________
>       assert len(batch) == 128
E       AssertionError: expected 128 rows, got 0; the feature store closed the connection
tests/test_features.py:9: AssertionError
1 failed, 7 passed in 4.02s
Error: Process completed with exit code 1.
"""


def with_batches(tests: bytes, count: int) -> bytes:
    """The tests with one more that reads the feature store."""
    name = "test_a_batch_is_full" if count < 2 else f"test_batch_{count}_is_full"
    return tests + f"\n\ndef {name}(store) -> None:\n    assert len(store.read(128)) == 128\n".encode()
