"""What a person does on the page: one small model an act, checked before anything happens."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Literal

from bot.sandbox.page.acting import Act
from bot.sandbox.page.acts_monitor import SendWindow, Storm, TurnAlert
from bot.sandbox.page.ports import Delivered, Json, Registry
from bot.sandbox.page.reads import World


class Slash(Act):
    """Send a slash command, typed whole."""

    name = "slash"
    channel: str
    text: str

    async def do(self, world: World) -> Json:
        return told(await world.workspace.slash(self.viewer, self.channel, self.text))


class Post(Act):
    """Send a message, or a reply in a thread."""

    name = "post"
    channel: str
    text: str
    thread_ts: str | None = None

    async def do(self, world: World) -> Json:
        return {"ts": await world.workspace.post(self.viewer, self.channel, self.text, self.thread_ts)}


class Click(Act):
    """Use a button, menu or select of a message."""

    name = "click"
    channel: str
    ts: str
    action_id: str
    value: str | None = None
    selected: str | None = None

    async def do(self, world: World) -> Json:
        where = (self.viewer, self.channel, self.ts, self.action_id)
        return told(await world.workspace.click(*where, value=self.value, selected=self.selected))


class ClickView(Act):
    """Use a button, menu or select of a modal."""

    name = "click_view"
    view_id: str
    action_id: str
    value: str | None = None
    selected: str | None = None

    async def do(self, world: World) -> Json:
        where = (self.viewer, self.view_id, self.action_id)
        return told(await world.workspace.click_view(*where, value=self.value, selected=self.selected))


class Submit(Act):
    """Submit a modal; ``values`` are by action id."""

    name = "submit"
    view_id: str
    values: dict[str, str]

    async def do(self, world: World) -> Json:
        return told(await world.workspace.submit(self.viewer, self.view_id, self.values))


class CloseView(Act):
    """Close or cancel a modal."""

    name = "close_view"
    view_id: str

    async def do(self, world: World) -> Json:
        return told(await world.workspace.close_view(self.viewer, self.view_id))


class Review(Act):
    """Submit a review on the forge, as on github.com."""

    name = "review"
    number: int
    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
    body: str = ""

    async def do(self, world: World) -> Json:
        login = world.persona(self.viewer).login
        return told(await world.github.review(login, world.repo, self.number, self.event, self.body))


class ClosePull(Act):
    """Close a pull request on the forge, as on github.com."""

    name = "close_pull"
    number: int

    async def do(self, world: World) -> Json:
        return told(await world.github.close(world.persona(self.viewer).login, world.repo, self.number))


class ChangeMember(Act):
    """Deactivate a member of the workspace, or take the member back, as its administrators do."""

    name = "change_member"
    user: str
    deleted: bool

    async def do(self, world: World) -> Json:
        world.workspace.change_user(world.persona(self.user).user, deleted=self.deleted)
        return {}


class BreakVersion(Act):
    """Let a version that the cluster runs crash, as bad memory or a missing library would; nobody is told."""

    name = "break_version"
    model: str
    version: str

    async def do(self, world: World) -> Json:
        if not any((one["model"], one["version"]) == (self.model, self.version) for one in world.cluster.workloads()):
            raise LookupError(f"The cluster does not run {self.model} {self.version}.")
        world.cluster.break_version(self.model, self.version)
        return {}


class MendVersion(Act):
    """Let a version that does not come up come up again."""

    name = "mend_version"
    model: str
    version: str

    async def do(self, world: World) -> Json:
        if not any((one["model"], one["version"]) == (self.model, self.version) for one in world.cluster.faults()):
            raise LookupError(f"{self.model} {self.version} is not broken.")
        world.cluster.mend_version(self.model, self.version)
        return {}


class TrainVersion(Act):
    """Train and register a version, as the model's pipeline does: a good one, or one with a certain fault."""

    name = "train_version"
    model: str
    kind: Literal["good", "regressed", "nan", "incompatible"]

    async def do(self, world: World) -> Json:
        return {"version": await _registry(world).train(self.model, self.kind)}


class SetAlias(Act):
    """Point an alias of the registry at a version, as in MLflow's own user interface."""

    name = "set_alias"
    model: str
    alias: str
    version: str

    async def do(self, world: World) -> Json:
        await _registry(world).set_alias(self.model, self.alias, self.version)
        return {}


class TurnCi(Act):
    """Push a commit whose CI fails, or let what failed pass."""

    name = "turn_ci"
    to: Literal["red", "green"]

    async def do(self, world: World) -> Json:
        if world.services.ci is None:
            raise LookupError("There is no CI here.")
        await (world.services.ci.break_() if self.to == "red" else world.services.ci.mend())
        return {}


def _registry(world: World) -> Registry:
    if world.services.registry is None:
        raise LookupError("There is no registry here.")
    return world.services.registry


_ALL = (
    Slash,
    Post,
    Click,
    ClickView,
    Submit,
    CloseView,
    Review,
    ClosePull,
    ChangeMember,
    BreakVersion,
    MendVersion,
    TrainVersion,
    SetAlias,
    TurnCi,
    SendWindow,
    Storm,
    TurnAlert,
)
ACTS: dict[str, type[Act]] = {act.name: act for act in _ALL}


def told(outcome: Delivered | object) -> Json:
    """A delivery as JSON; nothing for other outcomes, which the page reads again anyway."""
    return asdict(outcome) if is_dataclass(outcome) and not isinstance(outcome, type) else {}
