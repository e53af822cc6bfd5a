"""The examples for CI and pre-commit: they can be parsed, they may little, and their commands run for real."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest  # type: ignore[import-untyped]

from tests.cli.running import slackops
from tests.support.local_repo import LocalRepo

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "deploy" / "examples"
HOOKS, CONFIG = ROOT / ".pre-commit-hooks.yaml", EXAMPLES / "pre-commit" / ".pre-commit-config.yaml"
WORKFLOWS = sorted((EXAMPLES / "github-actions").glob("*.yml"))
POLICY = """\
environments: {production: {approvals: {required: 1}, gates: [{metric: auc, threshold: 0.9}]}}
models: {fraud-detector: {}}
layouts: [{files: ["models/{model}/{environment}.yaml"], at: version, value: "{version}"}]
"""
CASES = """\
given: {model: fraud-detector, version: 2, environment: production, candidate: {metrics: {auc: 0.95}}}
cases:
- {name: waits for somebody, expect: {merge: waits}}
"""
FILES = {
    ".slackops.yaml": POLICY,
    ".slackops/tests/all.yaml": CASES,
    "models/fraud-detector/production.yaml": "version: '1'\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    """A deployment repo, in the folder that the training workflow has it in."""
    made = LocalRepo(tmp_path / "deployments")
    made.commit(FILES)
    return made


def hooks() -> dict[str, list[str]]:
    """The command of each hook, by its id."""
    return {one["id"]: [*shlex.split(one["entry"]), *one["args"]] for one in load_manifest(str(HOOKS))}


def runs(workflow: Path) -> list[str]:
    """Every step's command."""
    found = yaml.safe_load(workflow.read_text())
    return [step["run"] for job in found["jobs"].values() for step in job["steps"] if "run" in step]


def ours(workflow: str, **env: str) -> list[list[str]]:
    """The arguments of every `slackops` command of a workflow, variables filled in as the shell would."""
    commands = [line for line in runs(EXAMPLES / "github-actions" / workflow) if line.startswith("slackops ")]
    filled = [re.sub(r"\$([A-Z_]+)", lambda found: env[found[1]], line) for line in commands]
    return [shlex.split(line)[1:] for line in filled]


def test_pre_commit_takes_the_manifest_and_the_example() -> None:
    assert list(hooks()) == ["slackops-check", "slackops-gate"]
    (source,) = load_config(str(CONFIG))["repos"]
    assert {hook["id"] for hook in source["hooks"]} == set(hooks())
    assert re.fullmatch(r"v\d+\.\d+\.\d+", source["rev"])
    assert all(not one["pass_filenames"] and one["always_run"] for one in load_manifest(str(HOOKS)))


def test_the_hooks_let_a_commit_pass_that_moves_no_version(repo: LocalRepo) -> None:
    repo.write({"README.md": "words\n"})
    repo.git("add", "--all")
    for command in hooks().values():
        assert slackops(*command[1:], cwd=repo.path).returncode == 0


@pytest.mark.parametrize(
    ("hook", "text"),
    [("slackops-check", "version: [1]\n"), ("slackops-gate", "version: '2'\n")],
    ids=["a target that says no version", "a version that nobody knows"],
)
def test_the_hooks_stop_a_commit(repo: LocalRepo, hook: str, text: str) -> None:
    repo.write({"models/fraud-detector/production.yaml": text})
    repo.git("add", "--all")
    assert slackops(*hooks()[hook][1:], cwd=repo.path).returncode == 1


def test_what_is_not_staged_is_not_the_gates_business(repo: LocalRepo) -> None:
    repo.write({"models/fraud-detector/production.yaml": "version: '2'\n"})
    assert slackops(*hooks()["slackops-gate"][1:], cwd=repo.path).returncode == 0


def test_the_commented_arguments_for_a_training_repo_work(repo: LocalRepo, tmp_path: Path) -> None:
    (found,) = re.findall(r"# args: \[(.*)\]", CONFIG.read_text())
    args = [one.replace("../ml-deployments", str(repo.path)) for one in found.split(", ")]
    for auc, code in ((0.95, 0), (0.5, 1)):
        (tmp_path / "metrics.json").write_text(json.dumps({"auc": auc}))
        assert slackops("gate", *args, cwd=tmp_path).returncode == code


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_little_and_trusts_nothing(workflow: Path) -> None:
    found: dict[Any, Any] = yaml.safe_load(workflow.read_text())
    assert found["permissions"] == {"contents": "read"}
    assert "pull_request" in found[True]  # `on` is a boolean in YAML 1.1
    assert "pull_request_target" not in workflow.read_text()
    steps = [step for job in found["jobs"].values() for step in job["steps"]]
    uses = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", one) for one in uses)
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert [line for line in runs(workflow) if "${{" in line] == []  # names that people choose never become a script


def test_the_deployment_workflow_runs(repo: LocalRepo) -> None:
    commands = ours("deployment.yml", BASE="main")
    assert [command[0] for command in commands] == ["check", "test", "gate"]
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({"README.md": "words\n"})
    assert [slackops(*command, cwd=repo.path).returncode for command in commands] == [0, 0, 0]
    assert {path.name for path in repo.path.glob("*.xml")} == {"policy.xml", "gates.xml"}
    repo.commit({"models/fraud-detector/production.yaml": "version: '2'\n"})
    assert [slackops(*command, cwd=repo.path).returncode for command in commands] == [0, 0, 1]


def test_the_training_workflow_runs(repo: LocalRepo) -> None:
    before, after = ours("training.yml", MODEL="fraud-detector", ENVIRONMENT="production")
    folder = repo.path.parent
    for auc, code in ((0.95, 0), (0.5, 1)):
        (folder / "metrics.json").write_text(json.dumps({"auc": auc}))
        assert slackops(*before, cwd=folder).returncode == code
    assert (folder / "gates.xml").exists()
    told = slackops(*after, cwd=folder)  # no registry is configured here
    assert (told.returncode, "registry_unavailable" in told.stderr) == (1, True)
