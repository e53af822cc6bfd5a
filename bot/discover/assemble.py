"""From finds to targets: environments, bases and overlays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.discover import stages
from bot.discover.apart import by_component, by_folder
from bot.discover.bases import Base, based
from bot.discover.choosing import Choice, choose, why
from bot.discover.facts import Found, LeftOut, Rank
from bot.discover.naming import key_of
from bot.discover.proposal import Proposal, Proposed, Stage, entries_of
from bot.discover.survey import Survey

ASSUMED = "production"


def assemble(seen: Survey, known: Sequence[str] = ()) -> Proposal:
    """Every model's targets, still one by one."""
    found, left = by_component(seen.found), list[LeftOut]()
    if not known:
        found, left = by_folder(found)
    names = _canonical(found, seen)
    out = Proposal(_stages(names), left_out=[*seen.left_out, *left], considered=seen.considered)
    by_model: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_model[one.model].append(one)
    for model in sorted(by_model):
        _model(by_model[model], names, seen, out)
    _call_by_key(out, known)
    return out


def _canonical(found: Sequence[Found], seen: Survey) -> dict[str, str]:
    """The name of each spelling: of `prod` and `production` the one that more places use."""
    count = Counter(one.environment for one in found if one.environment)
    count.update(name for one in found for name in one.serves)
    without = {one.file for one in found if one.environment is None}
    count.update(name for file in sorted(without) for name in seen.reach.environments(file))
    bases = {(one.kind, one.model, one.name) for one in found if one.environment is None}
    count.update(taker.environment for base in bases for taker in seen.takers.get(base, ()))
    names: dict[str, str] = {}
    for spelled, _ in count.most_common():
        names[spelled] = next((other for other in names.values() if stages.same(other, spelled)), spelled)
    return names


def _stages(names: Mapping[str, str]) -> tuple[Stage, ...]:
    if not names:
        return (Stage(ASSUMED, ("prod",), assumed=True),)
    order = stages.in_order(names.values())
    short = {"production": "prod"}
    return tuple(
        Stage(name, tuple(dict.fromkeys(
            [*(spelled for spelled in names if names[spelled] == name and spelled != name),
             *([short[name]] if name in short and short[name] not in names else [])]
        )))
        for name in order
    )  # fmt: skip


def _model(found: list[Found], names: Mapping[str, str], seen: Survey, out: Proposal) -> None:
    order = [stage.name for stage in out.stages]
    own: dict[str, Choice] = {}
    for name in order:
        choice = _chosen([one for one in found if one.environment and names[one.environment] == name], out)
        if choice:
            own[name] = choice
    base = _chosen([one for one in found if one.environment is None], out)
    if base and base.first.place.rank is Rank.MODEL and base.first.guess.pinned:
        _drop_lesser(own, base, out)
    if base:
        targets, left = based(Base(base, tuple(order), own, seen))
        out.targets += targets
        out.left_out += left
    out.targets += [_target(choice, name) for name, choice in own.items()]


def _chosen(found: Sequence[Found], out: Proposal) -> Choice | None:
    """The choice; what it leaves out, or all where nothing says a version, is told."""
    choice = choose(found)
    out.left_out += (
        choice.left_out if choice else [LeftOut(one.file, one.line, f"{one.at}: {why(one)}") for one in found]
    )
    return choice


def _drop_lesser(own: dict[str, Choice], base: Choice, out: Proposal) -> None:
    """Where a base names the model itself, an overlay's image or chart is not the model's version."""
    for name in [name for name, choice in own.items() if choice.first.place.rank > base.first.place.rank]:
        lesser = own.pop(name)
        why = f"changes apart from {base.first.at} of {base.first.file}"
        out.left_out += [LeftOut(one.file, one.line, f"{one.at}: {why}") for one in lesser.bound]


def _target(choice: Choice, environment: str) -> Proposed:
    first = choice.first
    notes = [one.guess.note for one in (first, *choice.companions) if one.guess.note]
    return Proposed(
        first.model, environment, first.environment or environment, entries_of(choice.bound, choice.companions),
        tuple(dict.fromkeys(notes)), first.kind, first.value, first.guess.pinned,
    )  # fmt: skip


def _call_by_key(out: Proposal, known: Sequence[str]) -> None:
    """Unity Catalog's `catalog.schema.model` is called `model` by people; `registry` says the rest."""
    keys = Counter(key_of(name) for name in known)
    short = {name: key_of(name) for name in known if key_of(name) != name and keys[key_of(name)] == 1}
    for place, target in enumerate(out.targets):
        if target.model in short:
            out.registered[short[target.model]] = target.model
            out.targets[place] = replace(target, model=short[target.model])
