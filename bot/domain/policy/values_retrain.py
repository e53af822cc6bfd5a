"""Types of the policy's values that are about retraining: inputs, their names, and what a secret is called."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.domain.policy.values import expected, matching
from bot.domain.retraining import Value
from bot.domain.retraining_inputs import NAMES, unknown_names

LONGEST_VALUE = 1000
SECRETS = "SLACKOPS_RETRAIN_"
"""How the environment variables begin that a policy may name: it must not send the bot's own secrets anywhere."""


def parse_input(value: Any) -> Value:
    """Text with variables in braces, a number, or a boolean."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise expected(f"text of at most {LONGEST_VALUE} characters, a number, true or false")
    if unknown := unknown_names(value):
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        raise expected(f"only {known} in braces; {{{unknown[0]}}} is none of them")
    return value


InputValue = Annotated[Value, BeforeValidator(parse_input)]
InputName = Annotated[str, matching(r"[A-Za-z_][\w.-]{0,99}", "an input's name: a letter first, no spaces")]
SecretName = Annotated[
    str,
    matching(
        rf"{SECRETS}[A-Z0-9_]{{1,80}}",
        f"the name of an environment variable of the bot that begins with {SECRETS}, such as {SECRETS}TOKEN",
    ),
]
