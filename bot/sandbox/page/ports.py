"""What the page needs of the sandbox's services: small Protocols, so that it can be tested without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Json = dict[str, Any]


class Delivered(Protocol):
    """How the app answered one delivery; ``error`` is set when it did not answer in time or not with 200."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Json | str | None: ...
    @property
    def error(self) -> str | None: ...


class Workspace(Protocol):
    """The local Slack, as a person uses it; users, channels and views by id."""

    async def slash(self, user: str, channel: str, text: str) -> Delivered: ...

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: str | None = None,
        selected: str | None = None,
    ) -> Delivered: ...

    async def click_view(
        self, user: str, view_id: str, action_id: str, value: str | None = None, selected: str | None = None
    ) -> Delivered: ...

    async def submit(self, user: str, view_id: str, values: dict[str, str]) -> Delivered: ...

    async def close_view(self, user: str, view_id: str) -> Delivered: ...

    async def post(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str: ...

    def change_user(self, user: str, **flags: bool) -> None: ...

    def messages(self, channel: str, viewer: str | None = None, thread_ts: str | None = None) -> list[Json]: ...

    def channels(self, viewer: str) -> list[Json]: ...

    def users(self) -> list[Json]: ...

    def views(self, user: str) -> list[Json]: ...

    def subscribe(self) -> AsyncIterator[Json]: ...


class GitHub(Protocol):
    """The local forge, as a person uses it on github.com; pull requests in GitHub's REST shape.

    Reviews, statuses and events of the timeline may name an account by its login alone. The reads may be called
    from any thread.
    """

    def pull(self, full_name: str, number: int) -> Json: ...

    def pulls(self, full_name: str) -> list[Json]: ...

    def diff(self, full_name: str, number: int) -> str: ...

    def timeline(self, full_name: str, number: int) -> list[Json]: ...

    def reviews(self, full_name: str, number: int) -> list[Json]: ...

    def statuses(self, full_name: str, sha: str) -> list[Json]: ...

    def granted(self) -> list[str]: ...

    def file(self, full_name: str, branch: str, path: str) -> bytes | None: ...

    async def review(self, login: str, full_name: str, number: int, event: str, body: str = "") -> object: ...

    async def close(self, login: str, full_name: str, number: int) -> object: ...

    def subscribe(self) -> AsyncIterator[Json]: ...


class Registry(Protocol):
    """The local MLflow: the models with their newest versions, and what people and pipelines do there."""

    def models(self) -> list[Json]: ...

    async def train(self, model: str, kind: str) -> str: ...

    async def set_alias(self, model: str, alias: str, version: str) -> None: ...

    def subscribe(self) -> AsyncIterator[Json]: ...


class Ci(Protocol):
    """The CI of the repository that trains a model."""

    def status(self) -> Json: ...

    async def break_(self) -> str: ...

    async def mend(self) -> None: ...


class Monitor(Protocol):
    """What watches the models in use, and alerts on how they are served."""

    def status(self) -> list[Json]: ...

    async def send(self, model: str, condition: Literal["normal", "drifting", "worse", "no_country"]) -> None: ...

    async def storm(self) -> None: ...

    async def recover(self) -> None: ...

    async def alert(self, model: str) -> None: ...

    async def calm(self, model: str) -> None: ...

    def subscribe(self) -> AsyncIterator[Json]: ...


class Cluster(Protocol):
    """The local cluster: one workload a model and environment, and the versions that do not come up."""

    def workloads(self) -> list[Json]: ...

    def faults(self) -> list[dict[str, str]]: ...

    def break_version(self, model: str, version: str) -> None: ...

    def mend_version(self, model: str, version: str) -> None: ...

    def subscribe(self) -> AsyncIterator[Json]: ...


@dataclass(frozen=True)
class Services:
    """What the page shows; where there is no registry, no CI or no monitor, it shows none."""

    workspace: Workspace
    github: GitHub
    cluster: Cluster
    registry: Registry | None = None
    ci: Ci | None = None
    monitor: Monitor | None = None
