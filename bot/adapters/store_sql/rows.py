"""How a command becomes a row of the inbox and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row as SqlRow
from ulid import ULID

from bot.adapters.store_sql.schema import WAITING
from bot.domain.commands import COMMAND, Command
from bot.domain.commands_order import order_key
from bot.ports.inbox import Row


def new_row(key: str, command: Command, now: float, delay: float = 0) -> dict[str, Any]:
    """The columns of a new row, under a new ULID."""
    return {
        "id": str(ULID()),
        "key": key.encode(errors="replace").decode(),  # a lone surrogate would spoil the whole batch
        "kind": command.kind,
        "order_key": order_key(command),
        "body": body_of(command),
        "state": WAITING,
        "attempts": 0,
        "due_at": now + delay,
        "created_at": now,
    }


def body_of(command: Command) -> str:
    """The command's JSON. Equal commands have equal bodies: fields stand in the order of their class."""
    return COMMAND.dump_json(command).decode()


def read_row(found: SqlRow[Any]) -> Row:
    """A claimed row as the port has it."""
    command = COMMAND.validate_json(found.body)
    return Row(found.id, found.key, command, found.attempts, found.created_at)
