"""`slackops init` on checkouts on disk: what it writes, what it says, what it refuses, and that check is content."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.cli.init import Asked, run_init
from bot.errors import Reason, Refused
from tests.cli.running import slackops
from tests.discover.trees import argo_tree, flux_tree, helm_tree, tree

POLICY = ".slackops.yaml"
TREES = {"flux": flux_tree, "argo": argo_tree, "helm": helm_tree}


def checkout(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def asked(path: Path, *, models: str | None = None, force: bool = False, stdout: bool = False) -> Asked:
    return Asked(path, models, registry=False, force=force, stdout=stdout)


def refusal(request: Asked) -> Refused:
    with pytest.raises(Refused) as caught:
        run_init(request)
    return caught.value


@pytest.mark.parametrize("name", sorted(TREES))
def test_check_passes_on_what_init_wrote(name: str, tmp_path: Path) -> None:
    folder = checkout(tmp_path / "repo", TREES[name]())
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    ended = slackops("init", str(folder), cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["MODEL", "ENVIRONMENT", "VERSION", "STATE", "WHERE"]
    assert lines[-1] == f"Next: slackops check {folder}"

    checked = slackops("check", str(folder), "--json", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    told = {(one["model"], one["environment"], one["state"]) for one in json.loads(checked.stdout)}
    assert {model for model, _, _ in told} == {line.split()[0] for line in lines[1 : lines.index("")]}
    assert {state for _, _, state in told} <= {"pinned", "not_pinned", "inherited"}


def test_what_was_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_init(asked(checkout(tmp_path, argo_tree())))
    told = capsys.readouterr().out
    assert "Left out: 2\n" in told
    assert "  jsonnet-guestbook/params.libsonnet: is Jsonnet, not data\n" in told
    assert "4 targets. Every line is a guess: read it." in told


def test_a_policy_that_is_there_stays(tmp_path: Path) -> None:
    folder = checkout(tmp_path, helm_tree() | {POLICY: b"version: 1\n"})
    why = refusal(asked(folder))
    assert (why.reason, why.message) == (Reason.BAD_USAGE, f"{folder} has a {POLICY}.")
    assert why.unblock is not None
    assert "--force" in why.unblock
    assert (folder / POLICY).read_bytes() == b"version: 1\n"
    run_init(asked(folder, force=True))
    assert b"scorer:" in (folder / POLICY).read_bytes()
    assert not list(folder.glob(".slackops-*"))


def test_a_policy_in_several_files_is_never_added_to(tmp_path: Path) -> None:
    folder = checkout(tmp_path, helm_tree() | {".slackops/models.yaml": b"version: 1\n"})
    assert ".slackops/models.yaml" in refusal(asked(folder, force=True)).message
    assert not (folder / POLICY).exists()


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "repo", helm_tree())
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (folder / POLICY).symlink_to(victim)
    assert refusal(asked(folder)).reason is Reason.BAD_USAGE
    run_init(asked(folder, force=True))
    assert victim.read_text() == "mine"
    assert not (folder / POLICY).is_symlink()


def test_stdout_prints_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkout(tmp_path, helm_tree())
    run_init(asked(folder, stdout=True))
    assert capsys.readouterr().out.startswith("# The policy of SlackOps")
    assert not (folder / POLICY).exists()


def test_links_ignored_files_and_huge_ones_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = checkout(tmp_path / "outside", tree({"envs/qa/values.yaml": "image: {repository: r/secret, tag: 1.0}\n"}))
    folder = checkout(tmp_path / "repo", helm_tree())
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    huge = b"image: {repository: r/huge, tag: 1.0}\n" + b"# x\n" * 300_000
    checkout(folder, {"huge/values.yaml": huge, "node_modules/x/values.yaml": b"image: {repository: r/x, tag: 1.0}\n"})
    run_init(asked(folder))
    text = (folder / POLICY).read_text()
    assert "secret" not in text
    assert "node_modules" not in text
    assert f"huge/values.yaml: has {len(huge)} bytes" in capsys.readouterr().out


def test_nothing_found_says_what_was_looked_for(tmp_path: Path) -> None:
    folder = checkout(tmp_path, tree({"README.md": "# x", "a.yaml": "a: 1\n", "x.jsonnet": "{ image: 'a:1' }\n"}))
    why = refusal(asked(folder))
    assert why.reason is Reason.NO_TARGET
    assert "KServe" in why.message
    assert why.unblock is not None
    assert "x.jsonnet: is Jsonnet, not data" in why.unblock
    assert not (folder / POLICY).exists()


def test_only_named_models(tmp_path: Path) -> None:
    folder = checkout(tmp_path, argo_tree())
    run_init(asked(folder, models="guestbook, main.apps.blue-green"))
    text = (folder / POLICY).read_text()
    assert "registry: main.apps.blue-green" in text
    assert "helm-guestbook/values.yaml" not in text.partition("# Left out")[0]
    assert refusal(asked(folder, models=" , ", force=True)).reason is Reason.BAD_USAGE


def test_the_registry_is_asked_only_where_it_is_configured(tmp_path: Path) -> None:
    ended = slackops("init", str(checkout(tmp_path / "repo", helm_tree())), "--registry", cwd=tmp_path)
    assert ended.returncode == 1
    assert "MLFLOW_TRACKING_URI" in ended.stderr
    assert "Traceback" not in ended.stderr
