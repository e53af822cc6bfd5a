"""Engines that train models again: GitHub Actions, Airflow, Kubeflow Pipelines, a service of one's own."""

from bot.adapters.retraining.airflow import AirflowRetrainer
from bot.adapters.retraining.github import GitHubRetrainer
from bot.adapters.retraining.kubeflow import KubeflowRetrainer
from bot.adapters.retraining.webhook import WebhookRetrainer

__all__ = ["AirflowRetrainer", "GitHubRetrainer", "KubeflowRetrainer", "WebhookRetrainer"]
