"""Types of the policy's values that are about gates: what is compared, which slices count, names, addresses."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from bot.domain.policy.model_gates import DEPLOYED
from bot.domain.policy.names import validate_name
from bot.domain.policy.values import expected, matching
from bot.errors import Refused

NAME_LIMIT = 60
_URL_LIMIT = 500
Slices = Literal["every", "worst"] | float


def parse_against(text: str) -> str:
    """`deployed`, or `@champion`: an alias of the registry."""
    if text == DEPLOYED:
        return text
    try:
        if text.startswith("@") and validate_name("alias", text[1:]):
            return text
    except Refused:
        pass
    raise expected("deployed, or an alias of the registry such as '@champion', in quotes")


def parse_slices(text: str) -> Slices:
    """`every`, `worst`, or the least share of the slices that must pass, such as `90%`, as a number from 0 to 1."""
    if text == "every":
        return "every"
    if text == "worst":
        return "worst"
    hit = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s?%", text, re.ASCII)
    share = float(hit[1]) / 100 if hit else 0.0
    if not 0 < share <= 1:
        raise expected("every, worst, or a share of the slices such as 90%")
    return share


def parse_url(text: str) -> str:
    """An address that a verdict is asked of. It holds no password: a policy is for everybody to read."""
    said = "an address such as https://checks.example.com/gate, with a host, without user, password or #"
    if not text.isprintable() or " " in text or len(text) > _URL_LIMIT:
        raise expected(said)
    try:
        parts = urlsplit(text)
        odd = parts.port == 0 or not parts.hostname or parts.username is not None or parts.password is not None
    except ValueError:
        raise expected(said) from None
    if odd or parts.scheme not in ("http", "https") or "#" in text or "\\" in text or "@" in parts.netloc:
        raise expected(said)
    return text


def _text(parse: Any, said: str) -> BeforeValidator:
    """The parser where it is text; what was parsed already stays."""

    def run(value: object) -> Any:
        if isinstance(value, str):
            return parse(value)
        raise expected(said)

    return BeforeValidator(run)


Against = Annotated[str, _text(parse_against, "deployed, or an alias such as '@champion', in quotes")]
SlicesRule = Annotated[Slices, _text(parse_slices, "every, worst, or a share of the slices such as 90%")]
Url = Annotated[str, _text(parse_url, "an address in quotes")]
# What stands on cards, in statuses and behind `/slackops waive`: no quotes, no line ends, no markup.
GateName = Annotated[
    str,
    matching(
        rf"(?=.{{1,{NAME_LIMIT}}}\Z)[^\W_](?:[\w .,:/@()+%*?=\[\]-]*[\w)\]%*?])?",
        f"a short name such as fairness review, at most {NAME_LIMIT} letters, digits, spaces and . , : / @ + % = ( ) -",
    ),
]
