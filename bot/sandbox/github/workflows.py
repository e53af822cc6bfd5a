"""The workflow files of a repository's default branch, and starting one by workflow_dispatch.

https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import parse_tree
from bot.sandbox.github.shapes.actions import workflow_run_shape, workflow_shape
from bot.sandbox.github.store import Doc, now

FOLDER, EVENT = ".github/workflows", "workflow_dispatch"
_INPUT = re.compile(r"\$\{\{\s*(?:github\.event\.)?inputs\.([\w-]+)\s*\}\}")


@dataclass(frozen=True)
class Workflow:
    """``inputs`` by name, as the file declares them; None where nobody may start it by hand."""

    id: int
    name: str
    path: str
    run_name: str = ""
    inputs: dict[str, Any] | None = field(default=None, hash=False)


def find(repo: Repo, called: str) -> Workflow:
    """By its file's name or its number. Raises ApiError 404."""
    head = repo.git.branch(repo.git.default_branch)
    folder = repo.git.at_path(head, FOLDER) if head else None
    names = [one.name for one in parse_tree(folder.data)] if folder and folder.kind == "tree" else []
    files = [f"{FOLDER}/{name}" for name in names if name.endswith((".yml", ".yaml"))]
    path = next((one for one in files if called in (one.rpartition("/")[2], str(number_of(one)))), None)
    if head is None or path is None:
        raise not_found()
    found = repo.git.at_path(head, path)
    return _read(path, found.data if found else b"")


def number_of(path: str) -> int:
    """The same one for the same file."""
    return 800_000 + zlib.crc32(path.encode()) % 100_000


def _read(path: str, content: bytes) -> Workflow:
    try:
        said = yaml.safe_load(content)
    except yaml.YAMLError:
        said = None
    body = said if isinstance(said, dict) else {}
    name = str(body.get("name") or path)
    return Workflow(number_of(path), name, path, str(body.get("run-name") or ""), _inputs(body))


def _inputs(body: dict[Any, Any]) -> dict[str, Any] | None:
    """YAML 1.1 reads the key ``on`` as true."""
    triggers = body.get("on", body.get(True))
    if isinstance(triggers, dict) and EVENT in triggers:
        declared = triggers[EVENT] if isinstance(triggers[EVENT], dict) else {}
        return dict(declared.get("inputs") or {})
    named = triggers == EVENT or (isinstance(triggers, list) and EVENT in triggers)
    return {} if named else None


def dispatch(forge: Forge, repo: Repo, called: str, fields: Doc, login: str) -> Doc:
    """Start it: a queued run, which whoever plays the runners is told of. Raises ApiError 404, 422."""
    workflow, ref = find(repo, called), str(fields.get("ref") or "")
    head = repo.git.branch(ref.removeprefix("refs/heads/"))
    if head is None:
        raise ApiError(422, f"No ref found for: {ref}")
    inputs = _checked(workflow, fields.get("inputs"))
    run = _run(forge, repo, workflow, (head, ref.removeprefix("refs/heads/")), inputs, login)
    forge.store.workflow_runs(repo.full_name).put(run["id"], run)
    _tell(forge, repo, run, "requested")
    told = {"type": "dispatch", "repo": repo.full_name, "run": run["id"], "path": workflow.path, "inputs": inputs}
    forge.changes.announce(told)
    return run


def move(forge: Forge, repo: Repo, number: int, status: str, conclusion: str | None = None) -> None:
    """A run that was dispatched goes on, or ends. Raises ApiError 404."""
    run = forge.store.workflow_runs(repo.full_name).get(number)
    if run is None:
        raise not_found()
    run = {**run, "status": status, "conclusion": conclusion, "updated_at": now()}
    forge.store.workflow_runs(repo.full_name).put(number, run)
    _tell(forge, repo, run, "completed" if status == "completed" else "in_progress")
    forge.changes.announce({"type": "run", "repo": repo.full_name, "run": number})


def _checked(workflow: Workflow, given: object) -> dict[str, str]:
    declared, inputs = workflow.inputs, given if isinstance(given, dict) else {}
    if declared is None:
        raise ApiError(422, f"Workflow does not have '{EVENT}' trigger")
    if strange := sorted(map(str, inputs.keys() - declared.keys())):
        listed = ", ".join(f'"{one}"' for one in strange)
        raise ApiError(422, f"Unexpected inputs provided: [{listed}]")
    for name, said in declared.items():
        needed = isinstance(said, dict) and said.get("required") is True and "default" not in said
        if needed and not inputs.get(name):
            raise ApiError(422, f"Required input '{name}' not provided")
    return {name: str(value) for name, value in inputs.items()}


def _run(forge: Forge, repo: Repo, workflow: Workflow, at: tuple[str, str], inputs: dict[str, str], login: str) -> Doc:
    earlier = forge.store.workflow_runs(repo.full_name).all()
    title = _INPUT.sub(lambda found: inputs.get(found[1], ""), workflow.run_name).strip() or workflow.name
    return {
        "id": forge.store.next_id("suite"),
        "head_sha": at[0],
        "head_branch": at[1],
        "number": sum(one.get("path") == workflow.path for one in earlier) + 1,
        "attempt": 1,
        "status": "queued",
        "conclusion": None,
        "actor": login,
        "created_at": now(),
        "updated_at": now(),
        "event": EVENT,
        "workflow_id": workflow.id,
        "name": workflow.name,
        "path": workflow.path,
        "title": title,
        "inputs": inputs,
    }


def _tell(forge: Forge, repo: Repo, run: Doc, action: str) -> None:
    shown = {"workflow_run": workflow_run_shape(forge, repo, run), "workflow": workflow_shape(forge, repo, run)}
    emit(forge, repo, "workflow_run", run["actor"], {"action": action, **shown})
