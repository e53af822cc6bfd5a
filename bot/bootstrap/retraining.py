"""The engines that train models again, by the policy's name for them."""

from __future__ import annotations

import os

from bot.adapters.github import Credentials, GitHubForge
from bot.adapters.retraining import AirflowRetrainer, GitHubRetrainer, KubeflowRetrainer, WebhookRetrainer
from bot.ports import Retrainer
from bot.settings import Settings


def build_retrainers(settings: Settings, credentials: Credentials, forge: GitHubForge) -> dict[str, Retrainer]:
    """All of them; which secrets they use is the policy's word, so they are read where one is needed."""
    return {
        "github": GitHubRetrainer(credentials, settings.github_api_url, login=lambda: forge.login),
        "airflow": AirflowRetrainer(os.environ.get),
        "kubeflow": KubeflowRetrainer(os.environ.get),
        "webhook": WebhookRetrainer(os.environ.get),
    }
