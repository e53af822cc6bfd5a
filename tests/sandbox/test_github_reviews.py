"""Reviews: who may say what, and what it does to merging."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from github import GithubException
from github.PullRequest import PullRequest

from tests.sandbox.test_github_support import REPO, World, run, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def seen_by(world: World, login: str, number: int) -> PullRequest:
    return await run((await world.repo(login)).get_pull, number)


def protection(**reviews: Any) -> dict[str, Any]:
    return {
        "required_status_checks": None,
        "enforce_admins": True,
        "restrictions": None,
        "required_pull_request_reviews": {"required_approving_review_count": 1, **reviews},
    }


async def refused(work: Any, *args: Any, **named: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(GithubException) as caught:
        await run(work, *args, **named)
    return caught.value.status, caught.value.data


@pytest.mark.parametrize(
    ("login", "event"), [("ana", "APPROVE"), ("ana", "REQUEST_CHANGES"), ("slackops[bot]", "APPROVE")]
)
async def test_nobody_judges_their_own_pull_request(world: World, login: str, event: str) -> None:
    number = await world.pull(login=login)
    pull = await seen_by(world, login, number)
    status, body = await refused(pull.create_review, body="ok", event=event)
    assert status == 422
    words = {"APPROVE": "approve", "REQUEST_CHANGES": "request changes on"}[event]
    assert body["errors"] == [f"Can not {words} your own pull request"]
    await run(pull.create_review, body="a remark", event="COMMENT")


async def test_a_review_names_its_commit_and_state(world: World) -> None:
    number = await world.pull()
    pull = await seen_by(world, "ben", number)
    head = await run(lambda: list(pull.get_commits())[-1])
    review = await run(pull.create_review, commit=head, body="fine", event="APPROVE")
    assert (review.state, review.commit_id, review.user.login, review.body) == ("APPROVED", head.sha, "ben", "fine")
    assert [one.id for one in await run(lambda: list(pull.get_reviews()))] == [review.id]
    reply = await world.request(
        "POST", f"/repos/{REPO}/pulls/{number}/reviews", "ben", json={"event": "APPROVE", "commit_id": "1" * 40}
    )
    assert reply.status_code == 422


@pytest.mark.parametrize(
    "body", [{"event": "REQUEST_CHANGES"}, {"event": "COMMENT", "body": " "}, {"event": "SHRUG"}, {"event": "approve"}]
)
async def test_reviews_that_say_nothing_are_refused(world: World, body: dict[str, str]) -> None:
    number = await world.pull()
    reply = await world.request("POST", f"/repos/{REPO}/pulls/{number}/reviews", "ben", json=body)
    assert reply.status_code == 422


async def test_a_pending_review_is_its_authors_until_submitted(world: World) -> None:
    number = await world.pull()
    pull = await seen_by(world, "ben", number)
    review = await run(pull.create_review, body="later")
    assert review.state == "PENDING"
    others = await seen_by(world, "chloe", number)
    assert await run(lambda: list(others.get_reviews())) == []
    status, body = await refused(pull.create_review, body="again", event="APPROVE")
    assert (status, body["errors"]) == (422, ["User can only have one pending review per pull request"])
    path = f"/repos/{REPO}/pulls/{number}/reviews/{review.id}/events"
    assert (await world.request("POST", path, "chloe", json={"event": "APPROVE"})).status_code == 404
    assert (await world.request("POST", path, "ben", json={"event": "APPROVE"})).json()["state"] == "APPROVED"


async def test_a_required_review_blocks_until_it_is_there(world: World) -> None:
    world.github.protect(REPO, "main", protection())
    number = await world.pull()
    pull = await seen_by(world, "slackops[bot]", number)
    assert pull.mergeable_state == "blocked"
    status, body = await refused(pull.merge)
    assert (status, body["message"]) == (405, "At least 1 approving review is required by reviewers with write access.")
    await world.github.review("dora", REPO, number, "APPROVE")
    assert world.github.pull(REPO, number)["mergeable_state"] == "blocked", "a reader's approval does not count"
    await world.github.review("ben", REPO, number, "APPROVE")
    await world.github.review("chloe", REPO, number, "REQUEST_CHANGES", "no")
    status, body = await refused(pull.merge)
    assert (status, body["message"]) == (405, "Changes have been requested.")
    await world.github.review("chloe", REPO, number, "APPROVE")
    assert world.github.pull(REPO, number)["mergeable_state"] == "clean"
    await run(pull.merge)


async def test_a_push_dismisses_stale_approvals_where_the_rule_says_so(world: World) -> None:
    number = await world.pull()
    await world.github.review("ben", REPO, number, "APPROVE")
    await world.change("promote", b"uri: s3://models/43\n")
    assert [one["state"] for one in world.github.reviews(REPO, number)] == ["APPROVED"]
    world.github.protect(REPO, "main", protection(dismiss_stale_reviews=True))
    await world.change("promote", b"uri: s3://models/44\n")
    assert [one["state"] for one in world.github.reviews(REPO, number)] == ["DISMISSED"]
    body = await world.receiver.wait("pull_request_review", "dismissed")
    assert body["review"]["state"] == "dismissed"
    found = (await world.request("GET", f"/repos/{REPO}/issues/{number}/events", "ben")).json()
    head = world.github.pull(REPO, number)["head"]["sha"]
    told = [(one["event"], one["dismissed_review"]["state"], one["dismissed_review"]) for one in found]
    assert [(kind, was, one["dismissal_commit_id"]) for kind, was, one in told] == [
        ("review_dismissed", "approved", head)
    ]


async def test_the_last_pusher_cannot_be_the_only_approver(world: World) -> None:
    world.github.protect(REPO, "main", protection(require_last_push_approval=True))
    number = await world.pull()
    await world.change("promote", b"uri: s3://models/43\n", "ben")
    await world.github.review("ben", REPO, number, "APPROVE")
    assert world.github.pull(REPO, number)["mergeable_state"] == "blocked"
    await world.github.review("chloe", REPO, number, "APPROVE")
    assert world.github.pull(REPO, number)["mergeable_state"] == "clean"


async def test_people_with_write_access_dismiss_reviews(world: World) -> None:
    number = await world.pull()
    pull = await seen_by(world, "ben", number)
    review = await run(pull.create_review, body="", event="APPROVE")
    await run(review.dismiss, "too early")
    assert (await run(pull.get_review, review.id)).state == "DISMISSED"
    [event] = (await world.request("GET", f"/repos/{REPO}/issues/{number}/events", "ben")).json()
    by_hand = {"state": "approved", "review_id": review.id, "dismissal_message": "too early"}
    assert (event["actor"]["login"], event["dismissed_review"]) == ("ben", by_hand)
    status, _ = await refused(review.dismiss, "again")
    assert status == 422
    path = f"/repos/{REPO}/pulls/{number}/reviews/{review.id}/dismissals"
    assert (await world.request("PUT", path, "dora", json={"message": "x"})).status_code == 403


async def test_what_was_merged_can_be_judged_still_and_what_was_closed_only_commented(world: World) -> None:
    merged, closed = await world.pull(), await world.pull("other")
    await world.github.merge_by_hand("ben", REPO, merged)
    await world.github.close("ben", REPO, closed)
    assert (await run((await seen_by(world, "chloe", merged)).create_review, event="APPROVE")).state == "APPROVED"
    pull = await seen_by(world, "chloe", closed)
    status, body = await refused(pull.create_review, body="late", event="APPROVE")
    assert (status, body["errors"]) == (422, ["Can only approve open pull requests"])
    assert (await run(pull.create_review, body="nice", event="COMMENT")).state == "COMMENTED"


async def test_reviewers_can_be_asked(world: World) -> None:
    number = await world.pull()
    pull = await seen_by(world, "slackops[bot]", number)
    await run(pull.create_review_request, reviewers=["ben"], team_reviewers=["ml-leads"])
    people, teams = pull.get_review_requests()
    assert [one.login for one in await run(lambda: list(people))] == ["ben"]
    assert [one.slug for one in await run(lambda: list(teams))] == ["ml-leads"]
    assert (await refused(pull.create_review_request, reviewers=["oscar"]))[0] == 422
    assert (await refused(pull.create_review_request, reviewers=["slackops[bot]"]))[0] == 422
    await world.github.review("ben", REPO, number, "APPROVE")
    assert world.github.pull(REPO, number)["requested_reviewers"] == []
