"""The proposal against the files: what does not parse or does not read is left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.discover.facts import LeftOut
from bot.discover.fleet_rules import demoted
from bot.discover.proposal import Proposal, Proposed
from bot.discover.write import policy_text
from bot.domain.policy.faults import PolicyInvalid
from bot.domain.policy.model import Target
from bot.domain.policy.parse import parse_policy
from bot.domain.policy.policy import Policy
from bot.errors import Reason, Refused
from bot.manifests.reading import Reading, read

POLICY_FILE = ".slackops.yaml"
MAX_TARGETS = 2000
# Reading back parses a target's files anew; about 2 MB a second.
MAX_READ = 32 * 1024 * 1024
_ROUNDS = 20
_NO_FAULT = frozenset({"pinned", "not_pinned", "inherited"})
Pair = tuple[str, str]
Readings = dict[Pair, Reading]


def verified(proposal: Proposal, files: Mapping[str, bytes]) -> tuple[str, Readings]:
    """The text, and what each target reads. Changes the proposal. Raises Refused if nothing makes it a policy."""
    _cut_to_budget(proposal, files)
    for _ in range(_ROUNDS):
        _cut(proposal, MAX_TARGETS, f"more than {MAX_TARGETS} targets that no layout covers; name the models you mean")
        text = policy_text(proposal)
        try:
            policy = parse_policy({POLICY_FILE: text.encode()})
        except PolicyInvalid as invalid:
            if not _without_faults(proposal, invalid):
                _cut(
                    proposal, len(proposal.targets) // 2, f"the policy would not be valid: {invalid.faults[0].message}"
                )
            continue
        readings = {(one.model, one.environment): read(one, files) for one in _targets(policy, proposal, files)}
        bad = {pair: one for pair, one in readings.items() if one.state not in _NO_FAULT}
        if not bad:
            _note_strays(proposal, policy, readings, files)
            return policy_text(proposal), readings
        _without(proposal, bad, policy, files)
    raise Refused(Reason.POLICY_INVALID, "No policy could be made of what was found.", "Write one by hand.")


def _targets(policy: Policy, proposal: Proposal, files: Mapping[str, bytes]) -> Iterator[Target]:
    """All that `slackops check` would read: also what a layout finds beyond what was proposed."""
    pairs = {(one.model, one.environment) for one in proposal.every}
    if proposal.layouts:
        pairs |= {hit for path in files if (hit := policy.match_layout(path))}
    order = {stage.name: place for place, stage in enumerate(policy.environments)}
    for model, environment in sorted(pairs, key=lambda pair: (pair[0], order[pair[1]])):
        target = policy.target_for(model, environment, files.__contains__)
        if target:
            yield target


def _without(proposal: Proposal, bad: Readings, policy: Policy, files: Mapping[str, bytes]) -> None:
    """A layout that reads wrong anywhere is written out as targets; a target that does is left out."""
    own = {(one.model, one.environment) for one in proposal.targets}
    wrong = {place for pair in bad if pair not in own for place in _layouts_of(pair, policy, files)}
    _demote(proposal, wrong)
    for target in [one for one in proposal.targets if (one.model, one.environment) in bad]:
        reading = bad[target.model, target.environment]
        _drop(proposal, target, reading.message or reading.state)


def _layouts_of(pair: Pair, policy: Policy, files: Mapping[str, bytes]) -> Iterator[int]:
    for place, layout in enumerate(policy.layouts):
        if all(file in files for file in layout.target(*pair).files):
            yield place
            return


def _note_strays(proposal: Proposal, policy: Policy, readings: Readings, files: Mapping[str, bytes]) -> None:
    """What a layout matches beyond the models that it was made for is said in its comment."""
    proposed = {(one.model, one.environment) for one in proposal.every}
    strays: dict[int, list[str]] = {}
    for pair in readings.keys() - proposed:
        for place in _layouts_of(pair, policy, files):
            strays.setdefault(place, []).append(pair[0])
    for place, names in strays.items():
        note = f"also matches {', '.join(sorted(set(names)))}, whose values were not taken for versions"
        proposal.layouts[place] = replace(proposal.layouts[place], notes=(note,))


def _demote(proposal: Proposal, places: Iterable[int]) -> None:
    for place in sorted(places, reverse=True):
        demoted(proposal, place)


def _without_faults(proposal: Proposal, invalid: PolicyInvalid) -> bool:
    """Takes out what the faults name. False where they name nothing that can be taken out."""
    keys = {fault.key: fault.message for fault in invalid.faults}
    places = [
        p for p in range(len(proposal.layouts)) if any(k == "layouts" or _within(k, f"layouts[{p}]") for k in keys)
    ]
    _demote(proposal, places)
    dropped = []
    for target in proposal.targets:
        near = (f"models.{target.model}.targets.{target.environment}", f"models.{target.model}")
        why = next((keys[key] for key in keys if _within(key, near[0]) or key == near[1]), None)
        if why:
            dropped.append((target, why))
    for target, why in dropped:
        _drop(proposal, target, why)
    return bool(places or dropped)


def _within(key: str, outer: str) -> bool:
    return key == outer or key.startswith((f"{outer}.", f"{outer}["))


def _cut(proposal: Proposal, most: int, why: str) -> None:
    for target in proposal.targets[most:]:
        _tell(proposal, target, why)
    del proposal.targets[most:]


def _cut_to_budget(proposal: Proposal, files: Mapping[str, bytes]) -> None:
    """Hundreds of targets in one huge file take minutes to read; nobody keeps models like that."""
    left = MAX_READ
    for place, target in enumerate(proposal.targets):
        left -= sum(len(files[entry.file]) for entry in target.entries)
        if left < 0:
            _cut(proposal, place, f"more than {MAX_READ >> 20} MiB to read; name the models you mean")
            return


def _drop(proposal: Proposal, target: Proposed, why: str) -> None:
    proposal.targets = [one for one in proposal.targets if one is not target]
    _tell(proposal, target, why)


def _tell(proposal: Proposal, target: Proposed, why: str) -> None:
    first = target.entries[0]
    said = f"{target.model} in {target.environment}, {first.spots[0].at}: {why}"
    proposal.left_out.append(LeftOut(first.file, 0, said))
