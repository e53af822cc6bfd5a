"""The artifact gate as a table."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.gating.artifact import digest_of
from bot.domain.policy import ArtifactGate, Gate, TagGate
from tests.domain.gating.given import F, P, U, facts, holds, version

HEX, OTHER = "a" * 64, "b" * 64
FILE, OTHER_FILE = f"mlmodel-sha256:{HEX}", f"mlmodel-sha256:{OTHER}"
PRESENT = ArtifactGate("artifact", False, None, "block", "merge")
DIGEST = ArtifactGate("artifact digest", True, None, "block", "merge")
TAGGED = ArtifactGate("artifact digest", True, "sha", "block", "merge")


def known(digest: str | None = FILE, **tags: str) -> ModelVersion:
    return version(artifact_digest=digest, tags=tags)


def there(candidate: ModelVersion | None, wanted: str | None = None, artifact: bool | None = True) -> Any:
    return facts(candidate, artifact=artifact, digest=wanted)


@pytest.mark.parametrize(
    ("gate", "given", "state", "words"),
    [
        pytest.param(PRESENT, there(known()), P, "there", id="there"),
        pytest.param(PRESENT, there(known(None)), P, "there", id="there, no digest known"),
        pytest.param(PRESENT, there(known(), artifact=False), F, "nothing is stored", id="gone"),
        pytest.param(
            DIGEST, there(known(), artifact=False), F, "nothing is stored", id="gone, though its digest is kept"
        ),
        pytest.param(PRESENT, there(known(), artifact=None), U, "does not answer", id="store is silent"),
        pytest.param(DIGEST, there(known(), artifact=None), U, "does not answer", id="store is silent, digest known"),
        pytest.param(PRESENT, there(None), U, "the registry does not tell", id="registry is silent"),
        pytest.param(DIGEST, there(known()), P, "mlmodel-sha256:aaaaaaaaaaaa…", id="digest of the file"),
        pytest.param(DIGEST, there(known(None)), U, "cannot be read", id="no digest known"),
        pytest.param(TAGGED, there(known(sha=f"sha256:{OTHER}")), P, "sha256:bbbbbbbbbbbb…", id="tag, of other bytes"),
        pytest.param(TAGGED, there(known(None, sha=HEX)), P, "aaaaaaaaaaaa…", id="tag alone"),
        pytest.param(TAGGED, there(known()), F, "no tag sha", id="tag not there"),
        pytest.param(TAGGED, there(known(sha="  ")), F, "no tag sha", id="tag empty"),
        pytest.param(TAGGED, there(known(), artifact=None), F, "no tag sha", id="tag not there, store silent"),
        pytest.param(TAGGED, there(known(sha=OTHER_FILE)), F, "two digests: mlmodel", id="tag and file disagree"),
        pytest.param(DIGEST, there(known(), FILE), P, "mlmodel", id="still what was asked for"),
        pytest.param(DIGEST, there(known(), OTHER_FILE), F, "two digests", id="no longer what was asked for"),
        pytest.param(
            PRESENT, there(known(), OTHER_FILE), F, "two digests", id="no longer that, where only asked if there"
        ),
        pytest.param(
            TAGGED, there(known(sha=f"sha256:{HEX}"), f"sha256:{OTHER}"), F, "two digests", id="tag was changed"
        ),
        pytest.param(TAGGED, there(known(sha=f"SHA256:{HEX.upper()}"), f"sha256:{HEX}"), P, "SHA256", id="case"),
        pytest.param(TAGGED, there(known(None, sha=HEX), FILE), P, "aaaa", id="of another kind than was asked for"),
    ],
)
def test_artifact(gate: ArtifactGate, given: Any, state: GateState, words: str) -> None:
    holds(gate, given, state, words)


@pytest.mark.parametrize(
    ("gates", "candidate", "digest"),
    [
        ([], known(), FILE),
        ([DIGEST], known(sha="x"), FILE),
        ([TagGate("sha", "sha", (), "block", "merge"), TAGGED], known(sha=" x "), "x"),
        ([TAGGED], known(), FILE),
        ([TAGGED], known(None), None),
    ],
    ids=["no gate", "no tag named", "the tag", "tag not there", "nothing"],
)
def test_the_digest_that_a_change_is_bound_to(gates: list[Gate], candidate: ModelVersion, digest: str | None) -> None:
    assert digest_of(gates, candidate) == digest
