"""GitHub: who the bot is, what it may, what it is told, and whether the clocks agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.doctor.finding import Finding, fail, listed, ok, warn
from bot.domain.github_manifest import HOOK_PATH, beyond, lacking, wanted

SKEW_SECONDS, BROKEN_SECONDS = 5.0, 30.0
"""An App's signed requests may be a minute off, and they are made ahead of time."""
HOOK = "github webhook"
_TOKEN = "GITHUB_TOKEN is a person's token"  # noqa: S105
_APP = "Make a GitHub App with `slackops github-manifest`, and set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY."


@dataclass(frozen=True)
class AppSelf:
    """The App and its installation on the deployment repo. ``asked`` is what the App wants, ``granted`` what it got."""

    id: int
    login: str
    asked: Mapping[str, str] = field(default_factory=dict, hash=False)
    granted: Mapping[str, str] = field(default_factory=dict, hash=False)
    events: frozenset[str] = frozenset()
    suspended: bool = False


@dataclass(frozen=True)
class Hook:
    """Where GitHub sends the App's webhooks."""

    url: str
    secret: bool


def check_app(app: AppSelf | None, login: str, extras: Collection[str]) -> Iterator[Finding]:
    """``app`` is None for a token; ``login`` is the bot's account. ``extras`` are what the policy makes needed."""
    if app is None:
        message = f"{_TOKEN} ({login}): a required status cannot be pinned to it, so that anybody could set it"
        yield fail("github app", message, _APP)
        return
    if app.suspended:
        yield fail("github app", f"{app.login} is suspended", "Unsuspend the installation on GitHub.")
        return
    yield ok("github app", f"{app.login}, App {app.id}")
    yield from _permissions(app, extras)
    yield from _events(app, extras)


def _permissions(app: AppSelf, extras: Collection[str]) -> Iterator[Finding]:
    missing = lacking(app.granted, extras)
    for name, one in missing.items():
        asked = name not in lacking(app.asked, extras)
        fix = "An owner must accept the App's new permissions on its installation's page." if asked else ""
        message = f"{name}: {one.level} is missing: {one.why}"
        yield fail("github permissions", message, fix or f"Set {name} to {one.level} on the App's page, and accept it.")
    more = [f"{name}: {level}" for name, level in beyond(app.granted).items()]
    if more:
        yield warn("github permissions", f"never used: {listed(more)}", "Take them away on the App's page.")
    if not missing and not more:
        yield ok("github permissions", f"all {len(wanted(extras)[0])}, and no more")


def _events(app: AppSelf, extras: Collection[str]) -> Iterator[Finding]:
    _, events = wanted(extras)
    missing = sorted(events.keys() - app.events)
    if missing:
        message = f"not told of {listed(missing)}: polling finds that later"
        yield warn("github events", message, "Subscribe to them on the App's page.")
    else:
        yield ok("github events", f"all {len(events)}")


def check_repos(seen: Mapping[str, bool]) -> Iterator[Finding]:
    """Of each repository whose CI is told about: whether the bot may read it."""
    lost = [name for name, there in seen.items() if not there]
    if lost:
        fix = "Install the App there, or mend `alerts.ci.repos` and the models' `repo` in the policy."
        yield warn("ci", f"GitHub shows the bot no {listed(lost)}: nothing of its CI is told", fix)
    if len(lost) < len(seen):
        count = len(seen) - len(lost)
        yield ok("ci", f"of {count} {'repository' if count == 1 else 'repositories'}")


def check_hook(hook: Hook | None, public_url: str | None, poll: float, *, secret: bool) -> Finding:
    """``hook`` is None where GitHub sends nothing; ``poll`` the seconds between two sweeps; ``secret``: we have one."""
    polling = f"polling alone, every {poll:g} s: it suffices"
    if hook is None or not hook.url:
        if not secret:
            return ok(HOOK, polling)
        return warn(HOOK, f"GITHUB_WEBHOOK_SECRET is set, and GitHub sends nothing; {polling}", _active(public_url))
    if not secret:
        fix = "Set GITHUB_WEBHOOK_SECRET to the secret on the App's page; or switch the webhook off there."
        return warn(HOOK, f"GitHub sends to {hook.url}, and /webhooks/github is closed; {polling}", fix)
    return _sent(hook, public_url, polling)


def _sent(hook: Hook, public_url: str | None, polling: str) -> Finding:
    if not hook.secret:
        return fail(HOOK, "GitHub signs nothing: every webhook is refused", "Set the secret on the App's page as well.")
    if public_url is None:
        return warn(HOOK, f"GitHub sends to {hook.url}; whether that is the bot is not known", "Set PUBLIC_URL.")
    if hook.url.rstrip("/") != f"{public_url}{HOOK_PATH}":
        return fail(HOOK, f"GitHub sends to {hook.url}, and not to the bot; {polling}", _active(public_url))
    return ok(HOOK, f"GitHub sends to {hook.url}")


def _active(public_url: str | None) -> str:
    return f"Set the webhook's URL on the App's page to {public_url or 'PUBLIC_URL'}{HOOK_PATH}, and switch it on."


def check_clock(skew: float | None) -> Finding:
    """By how many seconds our clock is ahead of GitHub's; None where GitHub did not tell."""
    if skew is None:
        return warn("clock", "GitHub did not tell its time", "Compare this machine's clock yourself.")
    words = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} GitHub's"
    fix = "Let this machine's clock be set by NTP: signatures, leases and windows go by it."
    if abs(skew) > BROKEN_SECONDS:
        return fail("clock", words, fix)
    return warn("clock", words, fix) if abs(skew) > SKEW_SECONDS else ok("clock", "agrees with GitHub's")
