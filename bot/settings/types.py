"""Value types of the settings: what an environment variable's text must look like. No error shows the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError


def shaped(pattern: str) -> BeforeValidator:
    """A value whose whole text matches: for secrets, where pydantic's own ``pattern`` does not apply."""

    def check(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise PydanticCustomError("shape", "not of the expected shape")
        return value

    return BeforeValidator(check)


def optional(expected: str) -> Any:
    """A field that may be left out; ``expected`` says what a value looks like."""
    return Field(default=None, description=expected)


def _private_key(value: object) -> object:
    """PEM text, PEM with ``\\n`` written out (as .env files hold it), or the path of a file with it."""
    if not isinstance(value, str):
        return value
    text = value.strip().strip("\"'")
    if "-----BEGIN" not in text:
        try:
            text = Path(text).expanduser().read_text()
        except (OSError, ValueError, RuntimeError):
            raise PydanticCustomError("key", "neither PEM nor a readable file") from None
    text = text.replace("\\r", "").replace("\\n", "\n").strip()
    if not re.fullmatch(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s.+\s-----END [A-Z ]*PRIVATE KEY-----", text, re.DOTALL):
        raise PydanticCustomError("key", "not a private key")
    return text + "\n"


def _split(value: object) -> object:
    return tuple(p.strip() for p in value.split(",") if p.strip()) if isinstance(value, str) else value


def _fernet_keys(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for key in keys:
        try:
            Fernet(key.get_secret_value())
        except ValueError:
            raise PydanticCustomError("fernet", "not a Fernet key") from None
    return keys


BotToken = Annotated[SecretStr, shaped(r"xoxb-\S+")]
AppToken = Annotated[SecretStr | None, shaped(r"xapp-\S+")]
SigningSecret = Annotated[SecretStr | None, shaped(r"\S{8,}")]
Secret = Annotated[SecretStr | None, shaped(r"\S+")]
DatabaseUrl = Annotated[SecretStr | None, shaped(r"(sqlite|postgres|postgresql)(\+[a-z0-9]+)?://\S*")]
PrivateKey = Annotated[SecretStr | None, BeforeValidator(_private_key)]
EncryptionKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(_split), AfterValidator(_fernet_keys)]

_URL = r"^https?://[^\s]+$"
Url = Annotated[str, Field(pattern=_URL), AfterValidator(lambda v: v.rstrip("/"))]
ServerUrl = Annotated[
    Url | None, BeforeValidator(lambda v: f"https://{v}" if isinstance(v, str) and "://" not in v else v)
]
"""A server's URL; a bare host, as the server's own command line takes it, means https."""
UrlWithSlash = Annotated[str, Field(pattern=_URL), AfterValidator(lambda v: v.rstrip("/") + "/")]
Upper = BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)
