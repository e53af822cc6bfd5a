"""What an App may ask and take back about the people who let it act for them; it signs with id and secret."""

from __future__ import annotations

from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.login.tokens import Grant
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.users import user


def check(ctx: Ctx) -> Reply:
    """POST applications/{client_id}/token: 404 for a token that is not valid."""
    grant = _grant(ctx, missing=404)
    account = ctx.forge.people.by_id(grant.account)
    assert account
    app = {"client_id": grant.app.client_id, "name": grant.app.slug, "url": ""}
    return Reply({"id": account.id, "app": app, "scopes": [], "user": user(ctx.forge, account.login)})


def delete_token(ctx: Ctx) -> Reply:
    """DELETE applications/{client_id}/token: this token."""
    _grant(ctx, missing=422)
    ctx.forge.auth.users.revoke(ctx.fields["access_token"])
    return Reply(status=204)


def delete_grant(ctx: Ctx) -> Reply:
    """DELETE applications/{client_id}/grant: every token of the person for the App."""
    grant = _grant(ctx, missing=422)
    ctx.forge.auth.users.revoke_grant(grant.app, grant.account)
    return Reply(status=204)


def _grant(ctx: Ctx, missing: int) -> Grant:
    app = ctx.actor.client
    if app is None or app.client_id != ctx.params["client_id"]:
        raise not_found()
    token = ctx.fields.get("access_token")
    if not isinstance(token, str) or not token:
        raise invalid("OauthAccess", "access_token", "missing_field")
    found = ctx.forge.auth.users.resolve(token)
    if found is None or found.app != app:
        raise not_found() if missing == 404 else ApiError(422, "Validation Failed")
    return found


_TOKEN, _GRANT = "applications/{client_id}/token", "applications/{client_id}/grant"
ROUTES = [
    Route("POST", _TOKEN, check, "nothing"),
    Route("DELETE", _TOKEN, delete_token, "nothing"),
    Route("DELETE", _GRANT, delete_grant, "nothing"),
]
