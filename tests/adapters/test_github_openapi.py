"""What the adapter of GitHub sends is what GitHub's own description of its API takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.adapters.github import AppCredentials, GitHubForge
from bot.domain.facts import Status
from bot.domain.people import Person
from bot.ports import LinkedAccount
from bot.sandbox.hooks import Call
from tests.sandbox.test_github_contract import FILE, contract, schema_of
from tests.sandbox.test_github_support import APP_ID, REPO, TOKENS, key_pair
from tests.support.forge_world import BlockingWorld, blocking_world

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="no contracts/github/openapi-requests.json here (SLACKOPS_CONTRACTS)"
)


def everything(world: BlockingWorld) -> None:
    """Each of the adapter's writes once."""
    forge = GitHubForge(REPO, AppCredentials(APP_ID, key_pair()[0], REPO, base_url=world.world.api), world.world.api)
    world.go(world.world.change("slackops/a"))
    pull = forge.open_pull("slackops/a", "Promote", "Because.", ("slackops", "promote"))
    forge.edit_pull(pull.number, title="New", body="New")
    forge.set_status(pull.head, Status("slackops/gates", "success", "4/4"), "https://example.com")
    ben = LinkedAccount(Person(team="T", user="U"), "ben", TOKENS["ben"])
    forge.review(ben, pull.number, pull.head, "APPROVE", "")
    forge.update_branch(pull.number, pull.head)
    forge.merge(pull.number, pull.head, "squash", "Promote (#1)", "SlackOps-Change: 01ABC")
    forge.delete_branch("slackops/a")
    world.go(world.world.change("slackops/b", b"3\n"))
    made, _ = forge.make_commit((pull.head,), pull.head, {"a.txt": b"4\n"}, "By the API")
    assert forge.point("slackops/c", made, new=True)
    further, _ = forge.make_commit((made,), made, {"a.txt": b"5\n"}, "By the API")
    assert forge.point("slackops/c", further, new=False)
    third = forge.open_pull("slackops/c", "Promote", "Because.", ())
    forge.comment(third.number, "watching", "Would block.")
    forge.comment(third.number, "watching", "Would not block.")
    forge.record(third.number, third.head, "Ana approved.")
    forge.close_pull(forge.open_pull("slackops/b", "Promote", "Because.", ()).number, "Superseded.")


def test_every_write_fits_the_contract(tmp_path: Path) -> None:
    seen: list[Call] = []

    async def watch(phase: str, call: Call) -> None:
        if phase == "before" and call.service == "github":
            seen.append(call)

    with blocking_world(tmp_path) as world:
        world.world.hooks.items.append(watch)
        everything(world)
    components, checked = contract()["components"], set()
    for call in seen:
        verb, _, path = call.name.partition(" ")
        schema = schema_of(verb, path) if verb != "GET" else None
        if schema:
            Draft202012Validator({**schema, "components": components}).validate(call.args)
            checked.add((verb, path.rsplit("/", 1)[-1]))
    assert len(checked) >= 14, checked
