"""The base of every part of the policy file: frozen, no unknown keys, no conversion, and keys for later versions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

_LATER = {"later": True}


class Section(BaseModel):
    """A mapping of the policy file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_by_name=False, validate_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, data: Any) -> Any:
        """`staging:` with nothing behind it is the same as `staging: {}`."""
        return {} if data is None else data

    @field_validator("*", mode="after")
    @classmethod
    def _only_what_is_there(cls, value: Any, info: ValidationInfo) -> Any:
        """A key whose meaning is not implemented is refused, not ignored, unless it says what holds anyway."""
        declared = cls.model_fields[info.field_name or ""]
        if declared.json_schema_extra != _LATER or value == declared.get_default(call_default_factory=True):
            return value
        raise PydanticCustomError("later", "not yet supported by this version; leave it out")


def later(default: Any, **more: Any) -> Any:
    """A field that is checked, and must keep its default in this version."""
    return Field(default=default, json_schema_extra=dict(_LATER), **more)
