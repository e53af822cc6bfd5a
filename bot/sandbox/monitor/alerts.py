"""An alert as Alertmanager posts it (version 4 of its webhook): requests to a model take too long.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. The rule is the one of deploy/prometheus.
"""

from __future__ import annotations

import hashlib
from typing import Any

Doc = dict[str, Any]
LIMIT_MS, NEVER = 500, "0001-01-01T00:00:00Z"


def latency(model: str, environment: str, milliseconds: int, began: str, ended: str = "") -> Doc:
    """It fires since ``began``; or, with ``ended``, fires no more. Both are RFC 3339."""
    status = "resolved" if ended else "firing"
    labels = {"alertname": "ModelLatency", "model": model, "environment": environment}
    labels |= {"severity": "warning", "slackops_kind": "service"}
    annotations = {
        "summary": f"p99 {milliseconds} ms; limit {LIMIT_MS} ms",
        "value": str(milliseconds),
        "threshold": str(LIMIT_MS),
        "method": "p99 latency in ms",
    }
    alert = {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": began,
        "endsAt": ended or NEVER,
        "generatorURL": "",
        "fingerprint": hashlib.sha256(f"{model} {environment}".encode()).hexdigest()[:16],
    }
    group = {"alertname": "ModelLatency", "model": model}
    return {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="ModelLatency", model="{model}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "slackops",
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "http://alertmanager.example.com",
        "alerts": [alert],
    }
