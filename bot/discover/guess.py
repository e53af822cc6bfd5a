"""From a value that stands in a file to the template that makes it, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.discover.facts import Guess, Sort
from bot.errors import Refused
from bot.manifests.values import is_range, read_back

# A version: a number with at most one v in front, dotted or dated, with what SemVer allows behind; a Git commit.
_NUMBER = r"\d{1,10}(?:[._-]\d{1,6}){0,3}(?:[-+.]?(?:rc|alpha|beta|dev|post|pre|b|a|up|build)[\w.+-]{0,40})?"
_VERSION = re.compile(rf"v?{_NUMBER}", re.IGNORECASE)
_COMMIT = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}")
_ENDING = r"(?:\.(?:tar\.gz|tar|tgz|zip|onnx|pt|pth|pkl|joblib|bst|json|pmml|h5|keras|gguf|mar|whl|bin|safetensors))?"
_SUFFIX = re.compile(
    rf"(?P<stem>.{{0,200}}?[A-Za-z0-9)](?:[-_.@:=]))(?P<v>v?)(?P<version>{_NUMBER})(?P<end>{_ENDING})", re.IGNORECASE
)
_WHOLE = re.compile(rf"(?P<version>{_NUMBER}|[0-9a-f]{{7,40}})(?P<end>{_ENDING})", re.IGNORECASE)
_RUN = re.compile(r"[0-9a-f]{32}")
_LOGGED = re.compile(r"m-[0-9a-f]{32}")
_TAG = re.compile(r"\w[\w.+-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FILLED_IN = re.compile(
    r"\{\{|\{%|\$?\{[A-Za-z_]|\$\([A-Za-z_]|<[A-Z][A-Z _-]+>|\$[A-Z_]{2,}|^\s*(?:placeholder|tbd|todo|changeme)\s*$",
    re.IGNORECASE,
)
_STAGES = frozenset({"dev", "prod", "production", "staging", "test"})
MOVING = _STAGES | {
    "replace",
    "placeholder",
    "latest",
    "main",
    "master",
    "head",
    "stable",
    "edge",
    "nightly",
    "develop",
}
_REFERENCE = re.compile(r"models:/[^/@\s:]{1,200}/(\d{1,10})(?![\w.-])")
LIMIT = 500


def guess(sort: Sort, value: str, model: str | None = None) -> Guess | str:
    """The template of a value of this sort, or in a sentence why there is none. ``model`` helps to find the version."""
    if not value or len(value) > LIMIT or not value.isprintable():
        return "it holds no plain one-line value"
    if _FILLED_IN.search(value):
        return f"{_short(value)} is filled in by another tool"
    if {"{", "}"} & set(value):
        return f"{_short(value)} holds braces"
    found = _uri(value, model) if sort == "uri" else _SORTS.get(sort, _plain)(value)
    return found if isinstance(found, str) else _reading_back(found, value)


def _reading_back(found: Guess, value: str) -> Guess | str:
    """The guess, when the bot will read the value as it was guessed: a name that moves is never taken for a version."""
    try:
        read = read_back(found.template, value, {})
    except Refused:
        return f"{_short(value)} makes no template"
    if (found.pinned and read == found.variables) or (not found.pinned and read is None):
        return found
    return found.note or f"{_short(value)} would not be read back"


def _short(value: str) -> str:
    return value if len(value) <= 80 else value[:80] + "…"


def _versioned(before: str, version: str, after: str, note: str = "") -> Guess:
    """A leading v before a digit is text of the template, so that 5 is written v5 and read as 5."""
    hit = re.match(r"v(?=\d)", version)
    lead = "v" if hit else ""
    return Guess(f"{before}{lead}{{version}}{after}", {"version": version.removeprefix(lead)}, note)


def _tag(value: str, before: str) -> Guess | str:
    if value.lower() in MOVING:
        return Guess(f"{before}{{version}}", {}, f"{value} is a name that moves: pin a version first", pinned=False)
    if re.match(r"(?:latest|nightly|edge)[-_.]", value, re.IGNORECASE):
        return f"{_short(value)} is a name that moves"
    if is_range(value):
        return Guess(f"{before}{{version}}", {}, f"{_short(value)} is a range: pin it first", pinned=False)
    if not _TAG.fullmatch(value):
        return f"{_short(value)} is no version"
    return _versioned(before, value, "")


def _plain(value: str) -> Guess | str:
    return _tag(value, "")


def _chart(value: str) -> Guess | str:
    if is_range(value):
        return Guess("{version}", {}, f"{_short(value)} is a range: pin it first", pinned=False)
    if not re.match(r"v?\d+(?:\.\d+)+", value) and not _COMMIT.fullmatch(value):
        return f"{_short(value)} is a branch or a moving tag, which pins nothing"
    return _tag(value, "")


def _digest(value: str) -> Guess | str:
    if not _DIGEST.fullmatch(value):
        return f"{_short(value)} is no sha256 digest"
    return Guess("sha256:{tags.image_digest}", {"tags.image_digest": value.removeprefix("sha256:")}, _DIGEST_NOTE)


_DIGEST_NOTE = "the registry's version needs a tag image_digest (64 hex digits) for this"


def _image(value: str) -> Guess | str:
    """`[registry[:port]/]repository[:tag][@sha256:…]`, with kustomize's `name=` before it."""
    front, at, digest = value.partition("@")
    head, slash, last = front.rpartition("/")
    repository, colon, tag = last.partition(":")
    if at and not _DIGEST.fullmatch(digest):
        return f"{_short(value)} is no image reference"
    if not colon:
        why = "a digest names no version; add a tag before the @" if at else "the image has no tag"
        return f"{why} ({_short(value)})"
    found = _tag(tag, f"{head}{slash}{repository}:")
    if isinstance(found, str) or not at:
        return found
    return Guess(
        f"{found.template}@sha256:{{tags.image_digest}}",
        {**found.variables, "tags.image_digest": digest.removeprefix("sha256:")} if found.pinned else {},
        _DIGEST_NOTE if found.pinned else found.note,
        found.pinned,
    )


def _reference(value: str) -> Guess | str:
    """`models:/name/42` somewhere in a text, such as an argument of a program."""
    hit = _REFERENCE.search(value)
    if hit is None:
        return _uri(value, None)
    return Guess(f"{value[: hit.start(1)]}{{version}}{value[hit.end(1) :]}", {"version": hit[1]})


def _name(value: str) -> Guess | str:
    hit = _SUFFIX.fullmatch(value)
    if hit is None or hit["end"]:
        return f"{_short(value)} holds no version"
    return _versioned(hit["stem"], hit["v"] + hit["version"], "")


_SORTS: Mapping[str, Callable[[str], Guess | str]] = {
    "image": _image,
    "reference": _reference,
    "digest": _digest,
    "name": _name,
    "chart": _chart,
}


def _uri(value: str, model: str | None) -> Guess | str:
    scheme, separator, rest = value.rpartition("://") if "://" in value else value.rpartition(":/")
    if separator == ":/" and scheme in ("models", "runs"):
        return _mlflow_reference(scheme, rest)
    if scheme in ("oci", "docker"):
        found = _image(rest)
        return (
            found
            if isinstance(found, str)
            else Guess(f"{scheme}://{found.template}", found.variables, found.note, found.pinned)
        )
    if scheme == "hf":
        return _hub(rest)
    parts = rest.split("/")
    return _mlflow_artifact(f"{scheme}{separator}", parts) or _path(f"{scheme}{separator}", parts, model, value)


def _hub(rest: str) -> Guess | str:
    """`hf://organisation/repository:revision`: a number in a repository's name (Llama-3) is no version."""
    repository, colon, revision = rest.rpartition(":")
    return _tag(revision, f"hf://{repository}:") if colon else f"hf://{_short(rest)} names no revision"


def _mlflow_reference(scheme: str, rest: str) -> Guess | str:
    """`models:/name/version`, `models:/name@alias`, `models:/m-…`, `runs:/id/path`.

    Source: https://mlflow.org/docs/latest/ml/model-registry
    """
    first, slash, tail = rest.partition("/")
    if scheme == "runs" and _RUN.fullmatch(first):
        return Guess(f"runs:/{{run_id}}{slash}{tail}", {"run_id": first}, "names a run; the registry says its version")
    if scheme == "models" and _LOGGED.fullmatch(first):
        return Guess(f"models:/{{model_id}}{slash}{tail}", {"model_id": first}, "names a logged model")
    name, at, alias = rest.partition("@")
    if scheme == "models" and at:
        return Guess(
            f"models:/{name}/{{version}}", {}, f"@{alias} is an alias, which moves: pin a version first", False
        )
    version, slash, below = tail.partition("/")
    if scheme == "models" and version.isdigit():
        return Guess(f"models:/{first}/{{version}}{slash}{below}", {"version": version})
    if scheme == "models" and tail.lower() in {*MOVING, "champion", "challenger"}:
        return Guess(f"models:/{first}/{{version}}", {}, f"{tail} moves: pin a version first", False)
    return f"{_short(rest)} names no version"


def _mlflow_artifact(before: str, parts: list[str]) -> Guess | None:
    """`…/EXPERIMENT/RUN/artifacts/…`, and since MLflow 3 `…/EXPERIMENT/models/m-…/artifacts`."""
    out, variables = list(parts), dict[str, str]()
    for place, part in enumerate(parts):
        name = "model_id" if _LOGGED.fullmatch(part) else "run_id" if _RUN.fullmatch(part) else None
        if name is None or name in variables:
            continue
        variables[name], out[place] = part, f"{{{name}}}"
        owner = place - (2 if place > 1 and parts[place - 1] == "models" else 1)
        if owner >= 0 and parts[owner].isdigit():
            variables["experiment_id"], out[owner] = parts[owner], "{experiment_id}"
    note = "names a run or a logged model; the registry says its version"
    return Guess(before + "/".join(out), variables, note) if variables else None


def _path(before: str, parts: list[str], model: str | None, value: str) -> Guess | str:
    """The folder behind the model's name that is a version, else the last one, else a version at the end of a name."""
    bucket = 1 if before.endswith("://") else 0
    whole = [place for place in range(len(parts) - 1, bucket - 1, -1) if _is_version(parts[place])]
    owned = [place for place in whole if place and model and _same(parts[place - 1], model)]
    for place in [*owned, *whole]:
        return _at(before, parts, place, _versioned("", parts[place], ""))
    for place in range(len(parts) - 1, bucket - 1, -1):
        hit = _WHOLE.fullmatch(parts[place]) or _SUFFIX.fullmatch(parts[place])
        if hit:
            groups = hit.groupdict()
            found = _versioned(groups.get("stem") or "", (groups.get("v") or "") + hit["version"], hit["end"])
            return _at(before, parts, place, found)
    if parts[-1].lower() in MOVING - _STAGES:
        return _at(before, parts, len(parts) - 1, Guess("{version}", {}, f"{parts[-1]} moves: pin it first", False))
    return f"no version is to be seen in {_short(value)}"


def _at(before: str, parts: list[str], place: int, found: Guess) -> Guess:
    text = before + "/".join([*parts[:place], found.template, *parts[place + 1 :]])
    return Guess(text, found.variables, found.note, found.pinned)


def _is_version(part: str) -> bool:
    return _VERSION.fullmatch(part) is not None or _COMMIT.fullmatch(part) is not None


def _same(part: str, model: str) -> bool:
    return re.sub(r"[^a-z0-9]+", "-", part.lower()) == re.sub(r"[^a-z0-9]+", "-", model.lower())
