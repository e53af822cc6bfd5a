"""What a target asks of its files, with the names hidden: targets of one layout ask the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from bot.domain.policy.model import Binding, Target
from bot.manifests.fleet_names import ENVIRONMENT, MODEL, Names, marked
from bot.manifests.values import is_range, read_back

_HIDDEN: Final = {"model": MODEL, "environment": ENVIRONMENT}
_OWN: Final[Mapping[str, str]] = {}


def form_of(names: Names, file: str, bindings: tuple[Binding, ...]) -> Hashable | None:
    """What decides, besides a file's text, which scalars of it are meant; None where a mark stands in it already."""
    asked = []
    for one in bindings:
        kind, name = (one.doc.kind, one.doc.name) if one.doc else (None, None)
        if marked(one.at, kind, name):
            return None
        try:
            at = names.hide_selector(one.at)
        except ValueError:
            return None
        doc = (kind and names.hide(kind), name and names.hide(name))
        asked.append((one.format, one.doc is None, doc, at, one.absent == "refuse"))
    # The end of a file's name may say that it is a template or a program.
    return (file.rpartition("/")[2].rpartition(".")[2].lower(), tuple(asked))


def variables_of(target: Target, names: Names, template: str, raw: str) -> dict[str, str] | None:
    """The same as `read_back`, which compiles an expression for each model where its name stands in the template.

    Raises Refused for a template that is not understood.
    """
    if "{model}" not in template and "{environment}" not in template and not names.within(template):
        return read_back(template, raw, _OWN, target.declared)
    if names.harmless and not target.declared and not marked(template, raw) and not is_range(raw):
        found = _hidden(names, template, raw)
        if found is not None and not marked(*found.values()):
            return found
    return read_back(template, raw, {"model": target.model, "environment": target.environment}, target.declared)


def _hidden(names: Names, template: str, raw: str) -> dict[str, str] | None:
    """What is read with the names hidden is read without: the rest of the value is the same."""
    try:
        return read_back(names.hide_template(template), names.hide(raw), _HIDDEN)
    except ValueError:
        return None
