"""Pull requests: found, opened, changed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.adapters.github.convert import login_of, to_pull
from bot.adapters.github.errors import failure
from bot.adapters.github.session import Session
from bot.domain.facts import Pull
from bot.errors import ForgeUnavailable

_LABEL = 50


class Pulls:
    """The pull requests of one repository (owner/name)."""

    def __init__(self, session: Session, repo: str) -> None:
        self._session, self._repo = session, repo

    def get(self, number: int) -> Pull:
        """One, with who closed it."""
        data = self._session.get(f"Read pull request #{number}", self._path(f"pulls/{number}"))
        asked = data["state"] == "closed" and not data.get("merged")
        issue = self._session.get(f"Read who closed #{number}", self._path(f"issues/{number}")) if asked else {}
        return to_pull(data, login_of(issue["closed_by"]) if issue.get("closed_by") else None)

    def open_to(self, base: str) -> list[Pull]:
        """Every open one to this branch, oldest first."""
        params = {"state": "open", "base": base, "sort": "created", "direction": "asc"}
        pages = self._session.pages("List the open pull requests", self._path("pulls"), params)
        return list({one["number"]: to_pull(one) for page in pages for one in page}.values())

    def find_open(self, branch: str) -> Pull | None:
        """The open one of this branch of this repository; forks do not count."""
        owner = self._repo.split("/", maxsplit=1)[0]
        params = {"state": "open", "head": f"{owner}:{branch}"}
        pages = self._session.pages(f"Look for a pull request of {branch}", self._path("pulls"), params)
        found = [one for page in pages for one in page if self._is_ours(one["head"], branch)]
        return to_pull(found[0]) if found else None

    def open(self, branch: str, base: str, title: str, body: str, labels: Sequence[str]) -> Pull:
        """Open one, or take the one that is open already; labels are added in both cases."""
        what = f"Open a pull request for {branch}"
        fields = {"title": title, "head": branch, "base": base, "body": body}
        answer = self._session.send(what, "POST", self._path("pulls"), fields, creates=True)
        if answer.ok:
            return self._labelled(to_pull(answer.data), labels)
        said = answer.words.lower()
        found = self.find_open(branch) if answer.status == 422 and "already exists" in said else None
        if found is not None:
            return self._labelled(found, labels)
        if answer.status == 422 and "head invalid" in said:
            raise ForgeUnavailable(f"{what}: GitHub does not see the branch yet.", retry_after=2)
        raise failure(what, answer)

    def edit(self, number: int, fields: dict[str, str]) -> None:
        """Change title, body or state."""
        if fields:
            self._session.write(f"Change pull request #{number}", "PATCH", self._path(f"pulls/{number}"), fields)

    def close(self, number: int, comment: str, login: str) -> None:
        """Comment, unless ``login`` said just that before, and close."""
        if self.get(number).state == "closed":
            return
        path = self._path(f"issues/{number}/comments")
        pages = self._session.pages(f"Read the comments of #{number}", path)
        said = {(login_of(one["user"]), (one["body"] or "").strip()) for page in pages for one in page}
        if comment.strip() and (login, comment.strip()) not in said:
            self._session.write(f"Comment on #{number}", "POST", path, {"body": comment}, creates=True)
        self.edit(number, {"state": "closed"})

    def delete_branch(self, branch: str) -> None:
        """Delete a branch; one that is gone already is fine."""
        what = f"Delete the branch {branch}"
        answer = self._session.send(what, "DELETE", self._path(f"git/refs/heads/{quote(branch)}"))
        gone = answer.status == 404 or (answer.status == 422 and "does not exist" in answer.words)
        if not answer.ok and not gone:
            raise failure(what, answer)

    def _labelled(self, pull: Pull, labels: Sequence[str]) -> Pull:
        missing = [label[:_LABEL] for label in labels if label[:_LABEL] not in pull.labels]
        if missing:
            path = self._path(f"issues/{pull.number}/labels")
            self._session.write(f"Label #{pull.number}", "POST", path, {"labels": missing})
        return replace(pull, labels=(*pull.labels, *missing))

    def _is_ours(self, head: dict[str, Any], branch: str) -> bool:
        name = (head.get("repo") or {}).get("full_name", "")
        return str(name).lower() == self._repo.lower() and head["ref"] == branch

    def _path(self, tail: str) -> str:
        return f"/repos/{self._repo}/{tail}"
