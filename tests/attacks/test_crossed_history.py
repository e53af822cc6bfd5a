"""A branch that was merged both ways: compared with one of two ancestors it does nothing, and merged it does."""

from __future__ import annotations

import pytest

from bot.ports import NewCommit
from tests.usecases.hand_rig import FRAUD, HandRig, uri
from tests.usecases.test_by_hand import look

OTHER = "slackops/gates"


def crossed(rig: HandRig) -> tuple[str, str]:
    """The default branch after a merge that moved fraud to 42, and a merge of the same two that did not."""
    at = rig.checkout
    start = at.fetch()
    one = at.commit(NewCommit((start,), start, {"README.md": b"words"}, "One", 1))
    two = at.commit(NewCommit((start,), start, {FRAUD: uri("fraud", 42)}, "Two", 1))
    merged = at.commit(NewCommit((one, two), one, {FRAUD: uri("fraud", 42)}, "Merge", 1))
    evil = at.commit(NewCommit((one, two), one, {}, "Merge", 2))
    return merged, evil


@pytest.mark.parametrize("known", [False, True], ids=["opened so", "the default branch came to it"])
def test_what_a_merge_would_do_is_not_guessed(known: bool) -> None:
    rig = HandRig()
    main, evil = crossed(rig)
    rig.checkout.remote["mine"] = evil
    if known:
        rig.checkout.remote["main"] = rig.checkout.commits[main].parents[1]
    else:
        rig.checkout.remote["main"] = main
    number = rig.forge.open_by_hand("kim", "mine", "By hand")
    look(rig, number)
    rig.checkout.remote["main"] = main
    look(rig, number)
    assert rig.states(number)[OTHER] == "failure"
    mended = NewCommit((evil, main), main, {}, "Merge main", 3)  # the way out
    rig.checkout.remote["mine"] = rig.checkout.commit(mended)
    look(rig, number)
    assert rig.states(number)[OTHER] == "success"
