"""A local cluster: carries a repository's main out, as a GitOps engine and Kubernetes would, and says how it goes."""

from bot.sandbox.cluster.api import ArgoApi
from bot.sandbox.cluster.cluster import Cluster, Pace
from bot.sandbox.cluster.payloads import argocd_body, flux_body
from bot.sandbox.cluster.signals import Endpoint, Signals

__all__ = ["ArgoApi", "Cluster", "Endpoint", "Pace", "Signals", "argocd_body", "flux_body"]
