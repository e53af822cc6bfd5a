"""GitHub's error replies, as exceptions."""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.github.com/rest"


class ApiError(Exception):
    """A reply with a status of 4xx, in GitHub's form (https://docs.github.com/rest/using-the-rest-api)."""

    def __init__(
        self, status: int, message: str, errors: list[Any] | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, headers or {}

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        errors = {"errors": self.errors} if self.errors is not None else {}
        return {"message": self.message, **errors, "documentation_url": DOCS, "status": str(self.status)}


def not_found() -> ApiError:
    """What GitHub answers when something is absent or must not be seen."""
    return ApiError(404, "Not Found")


def invalid(resource: str, field: str, code: str = "invalid", message: str | None = None) -> ApiError:
    """422 that names the resource, the field and the code."""
    error = {"resource": resource, "field": field, "code": code}
    return ApiError(422, "Validation Failed", [error if message is None else {**error, "message": message}])


def custom(resource: str, message: str) -> ApiError:
    """422 with a sentence instead of a field."""
    return ApiError(422, "Validation Failed", [{"resource": resource, "code": "custom", "message": message}])


def unprocessable(*sentences: str) -> ApiError:
    """422 as the reviews resource words it."""
    return ApiError(422, "Unprocessable Entity", list(sentences))
