"""Who wrote to a change's branch, the bot aside: whoever wrote it must not be the one who approves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MERGER = "web-flow"  # the account in whose name GitHub commits what is done on its pages


@dataclass(frozen=True)
class Writer:
    """The author or the committer of a commit; ``login`` is empty and ``account`` 0 where the forge knows no account
    with the commit's e-mail address. ``name`` is what the commit says, which anybody can write."""

    login: str = ""
    account: int = 0
    name: str = ""
    robot: bool = False


@dataclass(frozen=True)
class BranchCommit:
    """One commit of a pull request, with who wrote it."""

    sha: str
    writers: tuple[Writer, ...]


@dataclass(frozen=True)
class Editors:
    """Accounts that wrote to the branch. ``unknown``: somebody did whose account the forge does not know."""

    known: tuple[Writer, ...] = ()
    unknown: bool = False


def editors_of(commits: Iterable[BranchCommit], own: frozenset[str], bot: str, *, by_hand: bool = False) -> Editors:
    """Who wrote the commits. ``own`` are the ids of those that the bot made, ``bot`` its account. To a branch made
    ``by_hand`` the bot writes nothing, so there its name is anybody's."""
    written = [one for commit in commits if commit.sha not in own for one in commit.writers]
    writers = [one for one in written if not (_is_forge(one) if by_hand else _is_bot(one, bot))]
    return Editors(tuple(dict.fromkeys(one for one in writers if one.login)), any(not one.login for one in writers))


def _is_forge(one: Writer) -> bool:
    return one.login.casefold() == MERGER


def _is_bot(one: Writer, bot: str) -> bool:
    """The bot's own account, or the forge's for what it does itself. A commit of the bot's whose address the forge
    does not know says the bot's name. Anybody can write that name too, and gains nothing: a branch whose tree is not
    the bot's own rendering has no approval that counts, whoever wrote it."""
    if one.login:
        return one.login.casefold() in (bot.casefold(), MERGER)
    return one.name.casefold() in ("slackops", bot.casefold(), "github")
