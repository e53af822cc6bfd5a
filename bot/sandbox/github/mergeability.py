"""Whether a pull request may be merged, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.github.checks import required_state, state_of
from bot.sandbox.github.codeowners import missing_owners
from bot.sandbox.github.compare import base_tip, behind, pull_commits
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.rules import BranchRule, rule_of
from bot.sandbox.github.signatures import REFUSAL, unsigned
from bot.sandbox.github.store import Doc

_OPINIONS = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}


@dataclass(frozen=True)
class Mergeability:
    """``mergeable`` None: not computed yet, or no longer open."""

    mergeable: bool | None
    state: str


def mergeability(forge: Forge, repo: Repo, pull: Doc) -> Mergeability:
    """What GET on a pull request says (https://docs.github.com/graphql/reference/enums#mergestatestatus)."""
    tip = base_tip(repo, pull)
    if pull["state"] != "open":
        return Mergeability(None, "unknown")
    known = repo.git.merge_known(tip, pull["head_sha"])
    if repo.git.merge_tree(tip, pull["head_sha"]) is None:
        clean = Mergeability(False, "dirty")
    else:
        clean = Mergeability(True, _state(forge, repo, pull))
    return clean if known or not forge.config.lazy_mergeable else Mergeability(None, "unknown")


def _state(forge: Forge, repo: Repo, pull: Doc) -> str:
    if pull["draft"]:
        return "draft"
    rule = rule_of(forge, repo, pull["base_ref"])
    if review_blockers(forge, repo, pull, rule) or check_blockers(forge, repo, pull["head_sha"], rule):
        return "blocked"
    if signature_blockers(forge, repo, pull, rule):
        return "blocked"
    if rule.strict and behind(repo, pull):
        return "behind"
    return "clean" if state_of(forge, repo, pull["head_sha"]) in {"success", "none"} else "unstable"


def blockers(forge: Forge, repo: Repo, pull: Doc, rule: BranchRule) -> list[str]:
    """Every demand of the base branch that is not met, in GitHub's words."""
    found = [*review_blockers(forge, repo, pull, rule), *check_blockers(forge, repo, pull["head_sha"], rule)]
    found += signature_blockers(forge, repo, pull, rule)
    if rule.strict and behind(repo, pull):
        found.append("The head branch is not up to date with the base branch.")
    return found


def review_blockers(forge: Forge, repo: Repo, pull: Doc, rule: BranchRule) -> list[str]:
    """Missing approvals, or changes that were asked for."""
    if not (rule.approvals or rule.last_push or rule.code_owners):
        return []
    opinions = standing(forge, repo, pull)
    if any(review["state"] == "CHANGES_REQUESTED" for review in opinions):
        return ["Changes have been requested."]
    approvals = [review for review in opinions if review["state"] == "APPROVED"]
    if len(approvals) < rule.approvals:
        reviews = "review is" if rule.approvals == 1 else "reviews are"
        return [f"At least {rule.approvals} approving {reviews} required by reviewers with write access."]
    if rule.last_push and not any(_on_last_push(review, pull) for review in approvals):
        return ["New changes require approval from someone other than the last pusher."]
    waiting = missing_owners(forge, repo, pull, approvals) if rule.code_owners else []
    return [f"Waiting on code owner review from {', '.join(waiting).replace('@', '')}."] if waiting else []


def signature_blockers(forge: Forge, repo: Repo, pull: Doc, rule: BranchRule) -> list[str]:
    """Commits without a signature, where the branch takes signed ones only."""
    if not rule.signed:
        return []
    return [REFUSAL] if unsigned(forge, repo, [one.sha for one in pull_commits(repo, pull)]) else []


def standing(forge: Forge, repo: Repo, pull: Doc) -> list[Doc]:
    """The latest opinion of everyone who may write, the author left out."""
    latest: dict[str, Doc] = {}
    for review in forge.store.reviews(repo.full_name, pull["number"]).all():
        if review["state"] in _OPINIONS and review["user"] != pull["user"]:
            latest[review["user"]] = review
    people = forge.people
    return [one for one in latest.values() if people.at_least(people.permission(repo.full_name, one["user"]), "write")]


def check_blockers(forge: Forge, repo: Repo, sha: str, rule: BranchRule) -> list[str]:
    """Required status checks that have not succeeded."""
    states = [(check.context, required_state(forge, repo, sha, check)) for check in rule.checks]
    words = {"expected": "is expected", "pending": "is pending", "failure": "is failing"}
    return [f'Required status check "{context}" {words[state]}.' for context, state in states if state != "success"]


def _on_last_push(review: Doc, pull: Doc) -> bool:
    return bool(review["user"] != pull["last_pusher"] and review["commit_id"] == pull["head_sha"])
