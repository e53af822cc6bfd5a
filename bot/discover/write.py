"""The proposal as the text of a policy file, with a comment on every guess."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from bot.discover.proposal import Entry, Proposal, Proposed, ProposedLayout, Stage
from bot.domain.policy.model import DocSelector

MAX_LEFT_OUT = 200
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_HEAD = """\
# The policy of SlackOps for this repository, proposed by `slackops init`. Every line is a guess from the files:
# read the comments, mend what is wrong, run `slackops check .`, and add it by a reviewed pull request.
"""


def policy_text(proposal: Proposal) -> str:
    """The whole file. It parses as a policy; `bot.discover.verify` sees to it that its targets read."""
    parts = [_HEAD + "version: 1", *_environments(proposal.stages)]
    parts += _layouts(proposal.layouts)
    parts += _models(proposal)
    parts += _left_out(proposal)
    return "\n".join(parts) + "\n"


def _environments(stages: Sequence[Stage]) -> Iterator[str]:
    yield ""
    assumed = any(stage.assumed for stage in stages)
    named = "no path names an environment, so one is assumed" if assumed else "named in paths"
    yield f"environments: # {named}; in promotion order, which is guessed: put them right"
    for place, stage in enumerate(stages):
        last = place == len(stages) - 1
        rules = [f"aliases: [{', '.join(map(quoted, stage.aliases))}]"] if stage.aliases else []
        rules += ["approvals: {required: 1} # a guess; from: says whose review counts"] if last else []
        yield f"  {quoted(stage.name)}:" + ("" if rules else " {} # no approvals: merges when its gates pass")
        yield from (f"    {rule}" for rule in rules)


def _layouts(layouts: Sequence[ProposedLayout]) -> Iterator[str]:
    if layouts:
        yield ""
        yield "layouts: # one rule for a whole fleet; a model's own targets win"
    for layout in layouts:
        models = sorted({one.model for one in layout.covers})
        yield f"  # {len(models)} models: {_comment(', '.join(models), 160)}"
        for note in (*_notes(layout.covers), *layout.notes):
            yield from _wrapped(note, "  ")
        for entry in layout.entries:
            yield from _entry(entry, "  ")


def _notes(covers: Iterable[Proposed]) -> list[str]:
    notes = [_comment(note) for one in covers for note in one.notes]
    loose = sorted(f"{one.model} in {one.environment}" for one in covers if not one.pinned)
    return list(dict.fromkeys([*notes, *([_comment(f"not pinned today: {', '.join(loose)}")] if loose else [])]))[:10]


def _models(proposal: Proposal) -> Iterator[str]:
    order = {stage.name: place for place, stage in enumerate(proposal.stages)}
    mine: dict[str, list[Proposed]] = {model: [] for model in proposal.registered}
    for target in sorted(proposal.targets, key=lambda one: order[one.environment]):
        mine.setdefault(target.model, []).append(target)
    if not mine:
        return
    yield ""
    yield "models: # the names are guesses from the files: registry: NAME says what MLflow calls a model"
    for model in sorted(mine):
        yield f"  {quoted(model)}:"
        if model in proposal.registered:
            yield f"    registry: {quoted(proposal.registered[model])}"
        if mine[model]:
            yield "    targets:"
        for target in mine[model]:
            yield from _target(target)


def _target(target: Proposed) -> Iterator[str]:
    yield f"      {quoted(target.environment)}:"
    unpinned = f"not pinned: {target.value}" if target.value else "this file says no version"
    says = f"says {target.value}" if target.pinned else unpinned
    for note in (f"{target.kind}; {says}", *target.notes):
        yield from _wrapped(note, "        ")
    for entry in target.entries:
        yield from _entry(entry, "        ")


def _entry(entry: Entry, indent: str) -> Iterator[str]:
    yield f"{indent}- files: [{quoted(entry.file)}]"
    inside = indent + "  "
    if entry.doc:
        yield f"{inside}doc: {{{_doc(entry.doc)}}}"
    if len(entry.spots) == 1 and entry.spots[0].role == "primary":
        yield f"{inside}at: {quoted(entry.spots[0].at)}"
        yield f"{inside}value: {quoted(entry.spots[0].template)}"
    else:
        yield f"{inside}set:"
        for spot in entry.spots:
            role = "" if spot.role == "primary" else "role: companion, "
            yield f"{inside}  - {{{role}at: {quoted(spot.at)}, value: {quoted(spot.template)}}}"
    if entry.when_absent != "refuse":
        yield f"{inside}when_absent: {quoted(entry.when_absent)}"
    if entry.shared_with:
        yield f"{inside}shared_with: [{', '.join(map(quoted, entry.shared_with))}]"


def _wrapped(note: str, indent: str) -> Iterator[str]:
    lines = textwrap.wrap(_comment(note, 300), 110 - len(indent), break_long_words=False, break_on_hyphens=False)
    yield from (f"{indent}# {line}" for line in lines)


def _doc(doc: DocSelector) -> str:
    said = (("kind", doc.kind), ("name", doc.name))
    return ", ".join(f"{key}: {quoted(value)}" for key, value in said if value)


def _left_out(proposal: Proposal) -> Iterator[str]:
    if not proposal.left_out:
        return
    yield ""
    yield "# Left out, and why:"
    for one in proposal.left_out[:MAX_LEFT_OUT]:
        yield f"#   {_comment(f'{where(one.file, one.line)}  {one.why}', 240)}"
    more = len(proposal.left_out) - MAX_LEFT_OUT
    if more > 0:
        yield f"#   and {more} more"


def where(file: str, line: int) -> str:
    """`file:line`, or the file alone."""
    return f"{file}:{line}" if line else file


def quoted(text: str) -> str:
    """A YAML scalar that reads as this text, in block and flow, by YAML 1.1 and 1.2."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _comment(text: str, limit: int = 200) -> str:
    """Text of the files as a comment may show it: one line of visible characters."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if len(shown) <= limit else shown[:limit] + "…"
