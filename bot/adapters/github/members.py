"""Who is of the organisation, and what an account is called now.

https://docs.github.com/rest/orgs/members and https://docs.github.com/rest/users/users
"""

from __future__ import annotations

from urllib.parse import quote

from bot.adapters.github.errors import failure
from bot.adapters.github.session import Session


def is_member(session: Session, organisation: str, login: str) -> bool | None:
    """Whether the account is a member; None where the bot may not see that."""
    what = f"Ask whether {login} is a member of {organisation}"
    path = f"/orgs/{quote(organisation, safe='')}/members/{quote(login, safe='')}"
    answer = session.look(what, path)
    if answer.status in {204, 404}:
        return answer.status == 204
    if answer.status in {302, 403}:
        return None
    raise failure(what, answer)


def login_of(session: Session, account: int) -> str | None:
    """The account's name now; None when it is gone."""
    what = f"Ask who account {account} is"
    answer = session.look(what, f"/user/{account}")
    if answer.status == 404:
        return None
    if not answer.ok:
        raise failure(what, answer)
    return str(answer.data["login"])
