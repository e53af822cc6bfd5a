"""Which commits the forge signed itself, and what stands where a branch takes signed ones only.

GitHub signs what it commits for a press of a button, and what an App commits through REST without naming an author or a
committer (https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification).
"""

from __future__ import annotations

from bot.sandbox.github.forge import Forge, Repo

REFUSAL = "Commits must have verified signatures."


def sign(forge: Forge, repo: Repo, sha: str) -> str:
    """Note a commit as signed by the forge, and return it."""
    forge.store.signed(repo.full_name).put(sha, {"sha": sha})
    return sha


def is_signed(forge: Forge, repo: Repo, sha: str) -> bool:
    """Whether the forge signed this commit."""
    return forge.store.signed(repo.full_name).get(sha) is not None


def unsigned(forge: Forge, repo: Repo, shas: list[str]) -> list[str]:
    """Those commits that carry no signature."""
    return [sha for sha in shas if not is_signed(forge, repo, sha)]
