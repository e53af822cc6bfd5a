"""What the page shows, as JSON: the whole first paint in one reply, and one pull request in another."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from starlette.concurrency import run_in_threadpool

from bot.sandbox.page.people import Persona, SlashCommand
from bot.sandbox.page.ports import Cluster, GitHub, Json, Services, Workspace

STOPS_BRANCH = "slackops-state"  # where the app keeps freezes; the file is there from the first one on
SHOWN = 300  # messages of a channel, the newest ones


@dataclass(frozen=True)
class World:
    """The services behind the page, the repository that it shows, and who may be played."""

    services: Services
    repo: str
    personas: tuple[Persona, ...]
    commands: tuple[SlashCommand, ...]
    bot: Persona
    groups: tuple[tuple[str, str], ...]

    @property
    def workspace(self) -> Workspace:
        """The local Slack."""
        return self.services.workspace

    @property
    def github(self) -> GitHub:
        """The local forge."""
        return self.services.github

    @property
    def cluster(self) -> Cluster:
        """The local cluster."""
        return self.services.cluster

    def persona(self, user: str | None) -> Persona:
        """The persona with this Slack user id; the first one for None. Raises LookupError."""
        found = [p for p in self.personas if user in {None, p.user}]
        if not found:
            raise LookupError(f"nobody on this page is {user}")
        return found[0]


async def state(world: World, viewer: str | None, channel: str | None, thread: str | None) -> Json:
    """Everything as ``viewer`` sees it; an unknown viewer or channel falls back to the first. No error is raised."""
    pulls = await run_in_threadpool(world.github.pulls, world.repo)
    stops = await run_in_threadpool(world.github.file, world.repo, STOPS_BRANCH, "freezes.json")
    known = {persona.user for persona in world.personas}
    me = world.persona(viewer if viewer in known else None)
    channels = world.workspace.channels(me.user)
    here = _chosen(channels, channel)
    return {
        "viewer": me.user,
        "channel": here,
        "repo": world.repo,
        "personas": [asdict(persona) for persona in world.personas],
        "commands": [asdict(command) for command in world.commands],
        "channels": channels,
        "users": _users(world),
        "groups": [{"id": key, "handle": handle} for key, handle in world.groups],
        "messages": _messages(world.workspace, here, me.user),
        "thread": _thread(world.workspace, here, me.user, thread) if here and thread else None,
        "views": world.workspace.views(me.user),
        "pulls": sorted(pulls, key=lambda pull: -int(pull["number"])),
        "cluster": world.cluster.workloads(),
        "faults": world.cluster.faults(),
        "linked": world.github.granted(),
        "frozen": stops is not None,
        **await run_in_threadpool(_training, world.services),
    }


def _training(services: Services) -> Json:
    """The registry's models, the CI of what trains them, and what watches them; empty where there is none."""
    return {
        "models": services.registry.models() if services.registry else [],
        "ci": services.ci.status() if services.ci else None,
        "monitor": services.monitor.status() if services.monitor else [],
    }


def _users(world: World) -> list[Json]:
    """The members and the app's own user, whom messages mention as well."""
    members = world.workspace.users()
    if any(member["id"] == world.bot.user for member in members):
        return members
    handle = world.bot.login.removesuffix("[bot]")
    return [*members, {"id": world.bot.user, "name": handle, "real_name": world.bot.name, "is_bot": True}]


def _chosen(channels: list[Json], wanted: str | None) -> str | None:
    ids = [str(channel["id"]) for channel in channels]
    return wanted if wanted in ids else next(iter(ids), None)


def _messages(workspace: Workspace, channel: str | None, viewer: str) -> list[Json]:
    return workspace.messages(channel, viewer)[-SHOWN:] if channel else []


def _thread(workspace: Workspace, channel: str, viewer: str, ts: str) -> Json | None:
    """The thread with its parent first, or None where there is no such message."""
    replies = [m for m in workspace.messages(channel, viewer, ts) if m["ts"] != ts]
    parents = [m for m in workspace.messages(channel, viewer) if m["ts"] == ts]
    return {"ts": ts, "messages": [*parents, *replies]} if parents else None


def pull(world: World, number: int) -> Json:
    """One pull request with what its page on the forge shows. Blocks: call it in a thread."""
    found = world.github.pull(world.repo, number)
    sha = str(found["head"]["sha"])
    timeline = world.github.timeline(world.repo, number)
    runs = [event for event in timeline if event["event"] == "check_run" and event.get("sha") == sha]
    return {
        "pull": found,
        "diff": world.github.diff(world.repo, number),
        "reviews": world.github.reviews(world.repo, number),
        "statuses": _latest(world.github.statuses(world.repo, sha), "context"),
        "checks": _latest(runs, "name"),
        "timeline": [event for event in timeline if event["event"] not in {"status", "check_run"}],
    }


def _latest(items: list[Json], key: str) -> list[Json]:
    """The newest item for each ``key``, in the order of the names: a status is history, its last one counts."""
    newest = {str(item[key]): item for item in sorted(items, key=lambda one: int(one["id"]))}
    return [newest[name] for name in sorted(newest)]
