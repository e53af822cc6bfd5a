"""What does not come up in the cluster, though it trains well and passes every gate: nothing but the cluster knows."""

from __future__ import annotations

BROKEN_MODEL, BROKEN_VERSION = "ltv", "5"
# As the kubelet says it; Argo CD takes it over from the pod.
_CRASH = "back-off 40s restarting failed container=ltv: CrashLoopBackOff, last state: OOMKilled (exit code 137)"

FAULTS: tuple[tuple[str, str, str], ...] = ((BROKEN_MODEL, BROKEN_VERSION, _CRASH),)
