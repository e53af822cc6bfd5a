"""What an auditor gets: the chain of a change, the review that proves it, the report, and what verify finds."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
import subprocess
from pathlib import Path

from bot.bootstrap import open_store
from bot.domain.audit import AuditRow, evidence_hash
from bot.domain.audit_verify import verify
from bot.domain.commands import AnchorAudit, Reconcile
from bot.sandbox.seed.cast import REPO
from bot.settings import load_settings
from tests.cli.running import slackops
from tests.scenarios.world import ANA, BEN, MANIFEST, World, everything


async def cli(world: World, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(slackops, "audit", *args, cwd=folder, env=world.env)


def chain(world: World) -> list[AuditRow]:
    assert world.bot
    return list(world.bot.store.audit.rows())


def told(world: World, what: str) -> list[AuditRow]:
    return [row for row in chain(world) if row.entry.what == what]


async def merged_by_ben(world: World) -> None:
    """Ana asks, may not approve herself, Ben approves."""
    await world.say("/promote fraud-detector 4 production --reason better recall")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", ANA)
    await world.whisper("own_change", ANA)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    await world.card("Merged: fraud-detector 3→4, production")
    await world.settled()


async def anchored(world: World, key: str) -> None:
    assert world.bot
    world.bot.store.inbox.put(key, AnchorAudit())
    await world.settled()


async def test_the_chain_and_the_review_prove_each_other(world: World) -> None:
    await merged_by_ben(world)
    rows = chain(world)
    assert verify(rows).whole
    whats = [row.entry.what for row in rows]
    assert [what for what in whats if what in ("proposed", "refused", "shown", "approved", "merging", "merged")] == [
        "proposed",
        "refused",
        "shown",
        "approved",
        "merging",
        "merged",
    ]
    (refused,) = told(world, "refused")
    assert (refused.entry.by, refused.entry.login) == (f"slack:T0SANDBOX/{ANA}", "ana")
    assert (refused.entry.evidence["reason"], refused.entry.number) == ("own_change", 1)

    (approved,), (review,) = told(world, "approved"), world.github.reviews(REPO, 1)
    (marked,) = re.findall(r"evidence:([0-9a-f]{64}) ", review["body"])
    shown = approved.entry.evidence["shown"]
    assert marked == approved.entry.evidence["evidence_sha256"] == evidence_hash(shown)
    assert (shown["from"], shown["to"], shown["digest"]) == ("3", "4", approved.entry.digest)
    assert shown["head"] == review["commit_id"]
    assert shown["gates"]
    assert world.git("rev-parse", f"{shown['policy_commit']}:.slackops.yaml")

    (counts,), (merged,) = told(world, "review_counts"), told(world, "merged")
    assert (counts.entry.by, counts.entry.login) == (f"slack:T0SANDBOX/{BEN}", "ben")
    assert [one["login"] for one in merged.entry.evidence["reviews"] if one["counts"]] == ["ben"]
    assert merged.entry.evidence["decided_by_bot"]
    assert merged.entry.evidence["commit"] == world.git("rev-parse", "main").strip()

    await world.say("/slackops audit fraud-detector", BEN)
    seen = everything(await world.whisper("Audit: fraud-detector", BEN))
    for words in ("approved 4, production (#1)", "was refused a review", "own_change", "better recall"):
        assert words in seen, words


async def test_looking_again_adds_nothing(world: World) -> None:
    await merged_by_ben(world)
    before = len(chain(world))
    assert world.bot
    for number in range(3):
        world.bot.store.inbox.put(f"again:{number}", Reconcile(number=1))
        await world.settled()
    assert len(chain(world)) == before


async def test_the_command_line(world: World, tmp_path: Path) -> None:
    await merged_by_ben(world)
    await world.push(MANIFEST, world.file(MANIFEST).replace("/4/", "/5/"), message="Just this once")
    forged = "Promote\n\nSlackOps-Change: 01FORGED\nSlackOps-Action: promote\nSlackOps-Model: fraud-detector\n"
    forged += "SlackOps-Environment: production\nSlackOps-To: 2\nSlackOps-Requested-By: slack:T0SANDBOX/U0BEN\n"
    await world.push(MANIFEST, world.file(MANIFEST).replace("/5/", "/2/"), message=forged)
    await anchored(world, "anchor:1")

    done = await cli(world, tmp_path, "verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Whole." in done.stdout
    assert "1 heads in slackops-state" in done.stdout

    done = await cli(world, tmp_path, "export")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    story = json.loads((await cli(world, tmp_path, "export", "--change", "#1")).stdout)
    assert story["change"]["id"] == story["rows"][0]["change"]
    assert [(one["login"], one["counts"]) for one in story["reviews"]] == [("ben", True)]
    assert {one["context"] for one in story["statuses"]} == {"slackops/gates", "slackops/approvals"}
    assert (await cli(world, tmp_path, "export", "--change", "#77")).returncode == 1

    report = ("report", "--model", "fraud-detector", "--env", "production", "--since", "1d", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO((await cli(world, tmp_path, *report)).stdout)))
    ours, past, trailers = lines[-3:]
    assert [(one["from"], one["to"]) for one in (ours, past, trailers)] == [("3", "4"), ("4", "5"), ("5", "2")]
    assert (ours["source"], ours["number"]) == ("slackops", "1")
    assert "@ben" in ours["approved_by"]
    assert "(@ana)" in ours["asked_by"]
    assert (past["source"], trailers["source"]) == ("outside", "outside")
    assert (trailers["asked_by"], trailers["note"]) == (
        "",
        "its trailers name change 01FORGED, which is not known here",
    )
    only = await cli(world, tmp_path, "report", "--model", "fraud-detector", "--version", "v5", "--since", "1d")
    assert "2 version changes, 2 of them outside SlackOps" in only.stdout


async def test_verify_finds_what_was_done_to_the_database(world: World, tmp_path: Path) -> None:
    await world.say("/slackops freeze staging --reason release")
    await world.whisper("Frozen")
    await world.settled()
    await anchored(world, "anchor:1")
    await world.stop_bot()
    settings = load_settings(world.env)
    store = open_store(settings)
    store.database.close()
    path = str(store.database.url.database)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE audit SET body = replace(body, 'release', 'lunch')")
    database.close()
    done = await cli(world, tmp_path, "verify")
    assert done.returncode == 1
    assert "WRONG row 1: row 1 was edited" in done.stdout
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM audit")
    database.close()
    done = await cli(world, tmp_path, "verify")
    assert done.returncode == 1
    assert "the tail is cut" in done.stdout
    lost = await cli(world, tmp_path, "report", "--since", "3650d")
    assert lost.returncode == 0, lost.stderr
    assert "knows nothing of changes" in lost.stdout
    assert "fraud" in lost.stdout
