"""What a model is called: by the registry's names when they are known, else by what the file says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from bot.discover import stages
from bot.domain.policy.names import validate_name
from bot.errors import Refused

# Folders and files that say what kind of thing lies there, and not whose it is.
_WORDS: Final = (
    ".github app application applications apps appset argo argocd base bases bundle bundles chart charts cluster "
    "clusters common components conf config configs configuration controllers default defaults deploy deployment "
    "deployment-patch deployments env environment environments envs fleet flux flux-system gitops helm "
    "helm-releases helm-values helmrelease helmreleases inference-service inferenceservice inferenceservices "
    "infra infrastructure isvc k8s kserve kube kubernetes kustomization kustomize main manifest manifests ml "
    "mlops model model-settings models namespaces overlay overlays params patch patches pipeline pipelines "
    "platform projects prometheus region regions release releases resources rollout seldon service services "
    "serving settings shared source src stack stacks stage stages system targets team teams tenants values "
    "variables version workload workloads yaml "
)
_GENERIC: Final = frozenset(_WORDS.split())
_VERSIONED = re.compile(r"(?P<rest>.*[A-Za-z].*?)[-_.]v\d{1,6}(?:[.-]\d{1,6}){0,2}")
_BEFORE = r"(?:values|patch|helm|release|deploy|deployment|isvc)"
_BEHIND = r"(?:values|patch|helm|release|overlay|deployment|isvc|rollout|inferenceservice|service)"
_DECORATION = re.compile(rf"^{_BEFORE}[-_.]|[-_.]{_BEHIND}$", re.IGNORECASE)


@dataclass(frozen=True)
class Clues:
    """What may name the model, the surest first: names of the value or kind, of the document, the path, others."""

    said: tuple[str, ...]
    document: str | None
    path: PurePosixPath
    others: tuple[str, ...] = ()
    value: str = ""


def model_name(clues: Clues, known: Sequence[str] = (), lone: str | None = None) -> str | None:
    """The model's name. With ``known`` names it is one of them, or None.

    ``lone`` is the only model-like name of the repo, for a file that says none.
    """
    if known:
        return _known(clues, known)
    guesses = (
        *clues.said,
        clues.document or "",
        *_of_path(clues.path),
        *(one for one in (lone,) if one),
        *clues.others,
    )
    return next((name for name in map(tidy, guesses) if name), None)


def tidy(text: str) -> str | None:
    """A name without environment and version, or None where nothing is left that could name a model."""
    name = text.rpartition("/")[2].partition(":")[0].partition("@")[0].strip()
    name = stages.split(name).rest
    hit = _VERSIONED.fullmatch(name)
    name = hit["rest"] if hit else name
    if not re.search(r"[^\W\d_]", name) or re.fullmatch(r"v\d[\w.-]*|m-[0-9a-f]{32}|[0-9a-f]{32}", name):
        return None
    if name.lower() in _GENERIC or stages.is_stage(name):
        return None
    return _valid(name)


def _valid(name: str) -> str | None:
    for candidate in (name, re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-. ")):
        try:
            return validate_name("model", candidate)
        except Refused:
            continue
    return None


def _of_path(path: PurePosixPath) -> Iterable[str]:
    """The file's name without its decoration, then the folders from the inside out."""
    stem = path.name.split(".")[0]
    bare = _DECORATION.sub("", stages.split(stem).rest)
    yield bare
    yield from reversed(path.parts[:-1])


def _known(clues: Clues, known: Sequence[str]) -> str | None:
    words = [
        *clues.said,
        *([clues.document] if clues.document else []),
        *clues.path.parts[:-1],
        clues.path.name.partition(".")[0],
        *clues.others,
    ]
    words += re.split(r"[/:@=]", clues.value)
    exact = {_plain(word) for word in words} | {_plain(stages.split(word).rest) for word in words}
    exact |= {_plain(tidy(word) or "") for word in words}
    by_length = sorted(known, key=lambda name: (-len(name), name))
    for name in by_length:
        if _plain(name) in exact or _plain(key_of(name)) in exact:
            return name
    return next((name for name in by_length if any(_starts(word, key_of(name)) for word in words)), None)


def _starts(word: str, name: str) -> bool:
    """`fraud-predictor` is of the model fraud; `helm-fraud` may be anything."""
    return f"{_plain(word)}-".startswith(f"{_plain(name)}-")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def key_of(registered: str) -> str:
    """A registered name as people write it: Unity Catalog's `catalog.schema.model` is `model`."""
    return registered.rpartition(".")[2] if registered.count(".") else registered
