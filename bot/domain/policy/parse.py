"""Bytes in, policy out, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from bot.domain.policy.build import build
from bot.domain.policy.checks import Finding, check_names, check_policy
from bot.domain.policy.explain import explain
from bot.domain.policy.faults import Fault, PolicyInvalid
from bot.domain.policy.load import Loaded, dotted, load
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile

_POLICY_FILE = re.compile(r"\.slackops\.yaml|\.slackops/[^/]+\.ya?ml")


def is_policy_file(path: str) -> bool:
    """Whether a path of the deployment repo belongs to the policy: `.slackops.yaml`, `.slackops/*.yaml`, `….yml`."""
    return _POLICY_FILE.fullmatch(path) is not None


def parse_policy(files: Mapping[str, bytes]) -> Policy:
    """The policy that the files say together. Raises PolicyInvalid with every fault that could be found."""
    if not files:
        raise PolicyInvalid((Fault(".slackops.yaml", 0, "", "there is no policy; expected this file"),))
    loaded = load(files)
    faults = [*loaded.faults, *_placed(check_names(loaded.data), loaded)]
    try:
        file = PolicyFile.model_validate(loaded.data)
    except ValidationError as error:
        raise PolicyInvalid((*faults, *explain(error, loaded))) from None
    if faults:
        raise PolicyInvalid(tuple(faults))
    policy = build(file)
    found = tuple(_placed(check_policy(file, policy), loaded))
    if found:
        raise PolicyInvalid(found)
    return policy


def _placed(findings: Iterable[Finding], loaded: Loaded) -> list[Fault]:
    return [Fault(*loaded.place(key), dotted(key), message) for key, message in findings]
