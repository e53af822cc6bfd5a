"""`slackops init`, the pure part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.discover.assemble import assemble
from bot.discover.facts import LeftOut
from bot.discover.fleet_rules import laid_out
from bot.discover.proposal import Proposed
from bot.discover.survey import survey
from bot.discover.verify import Readings, verified


@dataclass(frozen=True)
class Draft:
    """``text`` is the policy; ``targets`` what it declares, those of ``layouts`` too; ``readings`` by model and
    environment; ``considered`` how many files were looked at."""

    text: str
    targets: tuple[Proposed, ...]
    layouts: int
    readings: Readings
    left_out: tuple[LeftOut, ...]
    considered: int


def propose(files: Mapping[str, bytes], known: Sequence[str] = (), unread: Sequence[LeftOut] = ()) -> Draft:
    """A policy for what the files declare. ``known``: names of the registry; with them only those models are proposed.
    ``unread``: files that were left out before, to be told of.

    Whatever the policy proposes parses and reads. Where nothing is found ``targets`` is empty.
    """
    found = assemble(survey(files, known), known)
    found.left_out[:0] = unread
    laid_out(found)
    text, readings = verified(found, files)
    return Draft(text, tuple(found.every), len(found.layouts), readings, tuple(found.left_out), found.considered)
