"""The policy: what may change where, who decides, and where the deployment repo declares it."""

from bot.domain.policy.faults import Fault, PolicyInvalid
from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import (
    Approvals,
    Binding,
    CheckGate,
    DocSelector,
    Environment,
    Gate,
    MergeRule,
    MetricGate,
    ModelPolicy,
    Regression,
    RollbackRule,
    RolloutRule,
    SoakGate,
    StepsRule,
    StormRule,
    Target,
)
from bot.domain.policy.names import slug, validate_name
from bot.domain.policy.parse import is_policy_file, parse_policy
from bot.domain.policy.policy import Policy

__all__ = [
    "Approvals",
    "Binding",
    "CheckGate",
    "DocSelector",
    "Environment",
    "Fault",
    "Gate",
    "Layout",
    "MergeRule",
    "MetricGate",
    "ModelPolicy",
    "Policy",
    "PolicyInvalid",
    "Regression",
    "RollbackRule",
    "RolloutRule",
    "SoakGate",
    "StepsRule",
    "StormRule",
    "Target",
    "is_policy_file",
    "parse_policy",
    "slug",
    "validate_name",
]
