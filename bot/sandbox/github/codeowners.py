"""Who must agree to a change of which files (https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners)."""

from __future__ import annotations

import re

from bot.sandbox.github.compare import base_tip, pull_files
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.store import Doc

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
Rule = tuple[re.Pattern[str], tuple[str, ...]]


def missing_owners(forge: Forge, repo: Repo, pull: Doc, approvals: list[Doc]) -> list[str]:
    """The owners of whom nobody has approved, one group a file that waits. An App's approval is none."""
    people = {one["user"] for one in approvals if not one["user"].endswith("[bot]")}
    found = owners_of(repo, base_tip(repo, pull), [file.path for file in pull_files(repo, pull, patches=False)])
    groups = dict.fromkeys(group for group in found if group)
    return [" or ".join(group) for group in groups if not people & _members(forge, group)]


def owners_of(repo: Repo, commit: str, paths: list[str]) -> list[tuple[str, ...]]:
    """The owners of each path by the file of that commit; the last rule that fits a path counts, also an empty one."""
    rules = _rules(repo, commit)
    return [next((owners for pattern, owners in reversed(rules) if pattern.match(path)), ()) for path in paths]


def _rules(repo: Repo, commit: str) -> list[Rule]:
    found = next((blob for place in PLACES if (blob := repo.git.at_path(commit, place))), None)
    lines = found.data.decode("utf-8", "replace").splitlines() if found and found.kind == "blob" else []
    words = [line.partition("#")[0].split() for line in lines]
    return [(_pattern(pattern), tuple(owners)) for pattern, *owners in filter(None, words)]


def _pattern(text: str) -> re.Pattern[str]:
    """gitignore's patterns without ``!``, ``[ ]`` and escapes: those have no meaning in the file."""
    anchored, folder = "/" in text.rstrip("/"), text.endswith("/")
    parts = re.split(r"(/\*\*/|\*\*/|/\*\*|\*\*|\*|\?)", text.strip("/"))
    wild = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(wild.get(part) or re.escape(part) for part in parts)
    # `docs/*` means the files in docs, not those further down; any other pattern also means what lies beneath it.
    tail = "/.*" if folder else "" if text.endswith("/*") else "(?:/.*)?"
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{body}{tail}$")


def _members(forge: Forge, group: tuple[str, ...]) -> set[str]:
    return {login for owner in group for login in _people(forge, owner)}


def _people(forge: Forge, owner: str) -> tuple[str, ...]:
    org_name, slash, slug = owner.removeprefix("@").partition("/")
    if slash:
        org = forge.people.org(org_name)
        team = forge.people.team(org, slug) if org else None
        return team.members if team else ()
    if not owner.startswith("@"):
        account = forge.people.by_email(owner)
        return (account.login,) if account else ()
    return (forge.people.canonical(org_name),)
