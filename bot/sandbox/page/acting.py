"""What every act on the page is."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.sandbox.page.ports import Json
from bot.sandbox.page.reads import World


class Act(BaseModel):
    """Something that ``viewer``, one of the personas, does."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: ClassVar[str]
    viewer: str

    async def do(self, world: World) -> Json:
        """Do it and say what came of it. Raises LookupError or ValueError for what is not there or not possible."""
        raise NotImplementedError
