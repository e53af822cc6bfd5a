"""`slackops init PATH`: a policy proposed from a checkout of a deployment repo."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import typer

from bot.adapters.worktree import Worktree
from bot.cli.tables import printable, table
from bot.discover import Draft, LeftOut, propose
from bot.discover.documents import MAX_BYTES, MAX_FILES, charts_of, worth_reading
from bot.domain.policy import is_policy_file
from bot.errors import Reason, Refused

POLICY_FILE = ".slackops.yaml"
_SHOWN = 12
_MAX_IN_ALL = 128 * MAX_BYTES
_BATCH = 500
_LOOKED_FOR = (
    "KServe, Seldon, MLServer, BentoML, Ray and SageMaker manifests, Deployments and Rollouts, kustomizations, Helm "
    "values, Argo CD, Flux and Fleet, Databricks bundles, DVC params, Pachyderm pipelines, Airflow variables, and "
    "models:/ references"
)


@dataclass(frozen=True)
class Asked:
    """What the command line says. ``models`` are names of the registry; ``registry``: ask MLflow for them."""

    path: Path
    models: str | None
    registry: bool
    force: bool
    stdout: bool


def run_init(asked: Asked) -> None:
    """Write or print the policy. Raises Refused where there is one already, and where nothing was found."""
    tree = Worktree(asked.path)
    try:
        base = tree.head()
        paths = tree.paths(base)
        if not asked.stdout:
            _refuse_other_policy(asked, paths)
        files, unread = _files(tree, base, paths)
        draft = propose(files, _known(asked), unread)
    finally:
        tree.close()
    if not draft.targets:
        raise _nothing(asked, draft)
    if asked.stdout:
        typer.echo(draft.text, nl=False)
        return
    _write(asked.path / POLICY_FILE, draft.text)
    for line in told(asked, draft):
        typer.echo(line)


def _refuse_other_policy(asked: Asked, paths: Sequence[str]) -> None:
    there = [path for path in paths if is_policy_file(path)]
    if os.path.lexists(asked.path / POLICY_FILE):
        there.append(POLICY_FILE)
    other = [path for path in there if path != POLICY_FILE]
    if other:
        unblock = "Move it away, or use --stdout and take from it what you need."
        raise Refused(Reason.BAD_USAGE, f"{asked.path} has a policy in {other[0]}.", unblock)
    if there and not asked.force:
        unblock = "Use --force to replace it, or --stdout to see a proposal beside it."
        raise Refused(Reason.BAD_USAGE, f"{asked.path} has a {POLICY_FILE}.", unblock)


def _files(tree: Worktree, base: str, paths: Sequence[str]) -> tuple[dict[str, bytes], list[LeftOut]]:
    """What may declare something, in batches, so that no big file is held: only its name is told."""
    charts = charts_of(paths)
    wanted = [path for path in paths if worth_reading(path, charts)]
    files, unread = dict[str, bytes](), list[LeftOut]()
    todo, left = iter(wanted[:MAX_FILES]), _MAX_IN_ALL
    while left > 0 and (batch := list(islice(todo, _BATCH))):
        for path, content in tree.read(base, batch).items():
            files[path] = content if len(content) <= MAX_BYTES else b""
            left -= len(files[path])
            if not files[path] and content:
                unread.append(LeftOut(path, 0, f"has {len(content)} bytes; at most {MAX_BYTES} are looked at"))
    more = max(0, len(wanted) - MAX_FILES) + len(list(todo))
    if more > 0:
        why = f"at most {MAX_FILES} files and {_MAX_IN_ALL >> 20} MiB are looked at"
        unread.append(LeftOut(".", 0, f"{more} more files: {why}"))
    return files, unread


def _known(asked: Asked) -> tuple[str, ...]:
    """The names of models that are given, and the registry's when it is to be asked. Raises Refused without it."""
    given = [name.strip() for name in (asked.models or "").split(",") if name.strip()]
    if asked.registry:
        from bot.cli.services import registry

        given += registry(os.environ).models()
    if (asked.models is not None or asked.registry) and not given:
        raise Refused(Reason.BAD_USAGE, "There is no name of a model.", "Leave out --models and --registry.")
    return tuple(dict.fromkeys(given))


def _nothing(asked: Asked, draft: Draft) -> Refused:
    left = "".join(f"\n  {line}" for line in islice(_left_out(draft), _SHOWN))
    looked = f"{draft.considered} files were looked at for {_LOOKED_FOR}"
    message = f"Nothing in {asked.path} declares a model's version; {looked}."
    names = "the names of --models or of the registry, and " if asked.models or asked.registry else ""
    unblock = f"Check {names}the path; or write {POLICY_FILE} by hand (docs/reference/policy.md)."
    return Refused(Reason.NO_TARGET, message, unblock + (f"\nLeft out:{left}" if left else ""))


def _write(path: Path, text: str) -> None:
    """At once or not at all; a link in its place is replaced, not followed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".slackops-", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def told(asked: Asked, draft: Draft) -> Iterator[str]:
    """What was found, what was left out and why, and what to do next."""
    head = ("MODEL", "ENVIRONMENT", "VERSION", "STATE", "WHERE")
    yield from table([head, *_rows(draft)])
    left = list(_left_out(draft))
    if left:
        yield ""
        yield f"Left out: {len(left)}"
        yield from (f"  {line}" for line in left[:_SHOWN])
    if len(left) > _SHOWN:
        yield f"  … and {len(left) - _SHOWN} more, all in the comments of {POLICY_FILE}"
    yield ""
    rules = "" if not draft.layouts else f" ({draft.layouts} {'layout' if draft.layouts == 1 else 'layouts'})"
    wrote = f"Wrote {asked.path / POLICY_FILE}: {len(draft.targets)} targets{rules}."
    yield printable(f"{wrote} Every line is a guess: read it.")
    yield printable(f"Next: slackops check {asked.path}")


def _rows(draft: Draft) -> Iterator[tuple[str, ...]]:
    for (model, environment), reading in draft.readings.items():
        ids = reading.variables.get("model_id") or reading.variables.get("run_id")
        version = reading.version or ids or reading.raw or "–"
        where = f"{reading.file}:{reading.line}" if reading.line else reading.file
        yield model, environment, version, reading.state, where


def _left_out(draft: Draft) -> Iterator[str]:
    for one in draft.left_out:
        yield printable(f"{one.file}:{one.line}: {one.why}" if one.line else f"{one.file}: {one.why}")
