"""What Argo CD and Flux would send about a workload."""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]
NAMESPACE = "argocd"
_FLUX_REASON = {"Progressing": "Progressing", "Healthy": "ReconciliationSucceeded", "Degraded": "HealthCheckFailed"}


def argocd_body(workload: Doc, repo_url: str, argocd_url: str = "https://argocd.acme.example") -> Doc:
    """A notification's body: the whole Application, and the context.

    Argo CD has no body of its own; a template that prints ``.app`` and ``.context`` gives this one
    (https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/).
    """
    return {"app": application(workload, repo_url), "context": {"argocdUrl": argocd_url}}


def application(workload: Doc, repo_url: str) -> Doc:
    """The workload as an Argo CD Application with its status."""
    folder = workload["file"].rpartition("/")[0]
    source = {"repoURL": repo_url, "path": folder, "targetRevision": "main"}
    destination = {"server": "https://kubernetes.default.svc", "namespace": workload["namespace"]}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name(workload), "namespace": NAMESPACE},
        "spec": {"project": "default", "source": source, "destination": destination},
        "status": _status(workload, source, destination),
    }


def name(workload: Doc) -> str:
    """The Application's or the Kustomization's name."""
    return f"{workload['model']}-{workload['environment']}"


def _status(workload: Doc, source: Doc, destination: Doc) -> Doc:
    synced = {"Running": "OutOfSync", "Failed": "Unknown"}.get(workload["phase"], "Synced")
    health = {"status": workload["health"], "lastTransitionTime": workload["since"]}
    return {
        "health": {**health, "message": workload["message"]} if workload["message"] else health,
        "sync": {
            "status": synced,
            "revision": workload["revision"],
            "comparedTo": {"source": source, "destination": destination},
        },
        "operationState": _operation(workload, source),
        "reconciledAt": workload["since"],
        "summary": {"images": [workload["image"]] if workload["image"] else []},
    }


def _operation(workload: Doc, source: Doc) -> Doc:
    messages = {"Running": "waiting for resources to apply", "Succeeded": "successfully synced (all tasks run)"}
    state: Doc = {
        "operation": {"initiatedBy": {"automated": True}, "sync": {"revision": workload["revision"]}},
        "phase": workload["phase"],
        "message": messages.get(workload["phase"], workload["message"]),
        "startedAt": workload["started"] or workload["since"],
        "syncResult": {"revision": workload["revision"], "source": source},
    }
    return {**state, "finishedAt": workload["finished"]} if workload["finished"] else state


def flux_body(workload: Doc, branch: str = "main") -> Doc:
    """An event of the kustomize-controller, as a generic provider posts it (https://fluxcd.io/flux/components/notification/events/)."""
    failed = workload["phase"] == "Failed" or workload["health"] == "Degraded"
    reason = "BuildFailed" if workload["phase"] == "Failed" else _FLUX_REASON[workload["health"]]
    return {
        "involvedObject": {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "name": name(workload),
            "namespace": "flux-system",
        },
        "severity": "error" if failed else "info",
        "timestamp": workload["since"],
        "message": workload["message"] or f"Reconciliation finished, {name(workload)} is healthy",
        "reason": reason,
        "metadata": {"revision": f"{branch}@sha1:{workload['revision']}"},
        "reportingController": "kustomize-controller",
        "reportingInstance": "kustomize-controller-sandbox",
    }
