"""The fakes as the machine needs them: a forge that knows accounts by number, ports at which it can be cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.facts import ForgeReview, MergeOutcome, MergeResult
from bot.ports.links import LinkedAccount
from tests.fakes.checkout import FakeCheckout
from tests.fakes.forge import FakeForge

ROBOT = 7


class QuickCheckout(FakeCheckout):
    """Commits never change, so what follows from them is worked out once."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._above: dict[str, set[str]] = {}
        self._common: dict[tuple[str, str], str | None] = {}
        super().__init__(files)

    def ancestors(self, commit: str) -> set[str]:
        if commit not in self._above:
            self._above[commit] = super().ancestors(commit)
        return self._above[commit]

    def merge_base(self, one: str, other: str) -> str | None:
        if (one, other) not in self._common:
            self._common[one, other] = super().merge_base(one, other)
        return self._common[one, other]


@dataclass
class NumberedForge(FakeForge):
    """Accounts have numbers and may be renamed, as GitHub's may: old reviews then show the new name.

    ``judge`` is asked at every merge that the forge lets through, on the world as it was just before it.
    """

    judge: Callable[[int, str], None] = lambda _number, _sha: None
    landed: Callable[[int, str], None] = lambda _number, _commit: None

    def number_of(self, login: str) -> int:
        return next((number for number, name in self.logins.items() if name == login), 0)

    def review_by_hand(self, login: str, number: int, verdict: str, body: str = "", commit: str = "") -> ForgeReview:
        account = self.number_of(login)
        given = replace(super().review_by_hand(login, number, verdict, body, commit), account=account)
        self._reviews[number][-1] = given = replace(given, robot=account == ROBOT)
        return given

    def rename(self, account: int, login: str) -> None:
        """The account's name changes everywhere at once; its number and its tokens stay."""
        old, self.logins[account] = self.logins[account], login
        self.permissions[login] = self.permissions.pop(old)
        self.tokens = {token: login if name == old else name for token, name in self.tokens.items()}
        self.teams = {team: {login if n == old else n for n in names} for team, names in self.teams.items()}
        for number, said in self._reviews.items():
            self._reviews[number] = [replace(one, login=login) if one.account == account else one for one in said]

    def token(self, account: int) -> str:
        """What the account's holder gives to the bot by linking."""
        self.tokens[f"token-{account}"] = self.logins[account]
        return f"token-{account}"

    def merge(self, number: int, sha: str, method: str, title: str, message: str) -> MergeOutcome:
        before = (dict(self.checkout.remote), dict(self._pulls))
        outcome = super().merge(number, sha, method, title, message)
        if outcome.result is MergeResult.MERGED and not before[1][number].merged:
            after = (self.checkout.remote, self._pulls)
            self.checkout.remote, self._pulls = before
            try:
                self.judge(number, sha)
            finally:
                self.checkout.remote, self._pulls = after
            self.landed(number, outcome.commit or "")
        return outcome


class Killed(BaseException):
    """The process dies here."""


class Wire:
    """A port with a wire on each call: ``pull`` is told of it before and after."""

    def __init__(self, port: Any, name: str, pull: Callable[[str, bool], None]) -> None:
        self.__dict__.update(_port=port, _name=name, _pull=pull)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def called(*args: Any, **more: Any) -> Any:
            self._pull(f"{self._name}.{name}", False)
            result = found(*args, **more)
            self._pull(f"{self._name}.{name}", True)
            return result

        return called


def linked(forge: NumberedForge, person: Any, account: int) -> LinkedAccount:
    """The link of a person to an account as it is called now."""
    return LinkedAccount(person, forge.logins[account], forge.token(account), account)
