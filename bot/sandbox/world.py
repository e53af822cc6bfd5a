"""The sandbox's world as configuration: the workspace, the forge, and what the bot is told of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bot.sandbox.github import Account, AppSeed, Collaborator, GitHubConfig, Org, Team
from bot.sandbox.keys import Keys
from bot.sandbox.seed import cast
from bot.sandbox.seed.registry import tracking_uri
from bot.sandbox.slack import ChannelSeed, UserSeed, WorkspaceConfig

MEMBERS = tuple(one for one in cast.PEOPLE if one.user)
REPOS = (cast.REPO, cast.TRAINING)
REQUIRED = ("slackops/gates", "slackops/approvals")


def workspace_config(base_url: str, keys: Keys) -> WorkspaceConfig:
    """The Slack workspace."""
    ids = tuple(one.user for one in MEMBERS)
    return WorkspaceConfig(
        base_url=base_url,
        events_url=f"{base_url}/slack/events",
        team_id=cast.TEAM_ID,
        signing_secret=keys.signing_secret,
        bot_token=keys.bot_token,
        app_token=keys.app_token,
        bot_user_id=cast.BOT_USER_ID,
        app_id=cast.APP_ID,
        client_id=cast.SLACK_CLIENT_ID,
        client_secret=keys.slack_client_secret,
        openid_key=keys.private_key,
        redirect_urls=(f"{base_url}/link/slack",),
        commands=cast.COMMANDS,
        events=cast.SLACK_EVENTS,
        scopes=cast.SLACK_SCOPES,
        users=tuple(UserSeed(one.user, one.login, one.name, one.tz) for one in MEMBERS),
        channels=(
            ChannelSeed("C0PROD", "ml-production", ids, topic="Every change of production"),
            ChannelSeed("C0DEPLOYS", "ml-deploys", ids, topic="Every other change"),
            ChannelSeed("C0RANDOM", "random", ids, bot_member=False, topic="The bot is not in here"),
        ),
        usergroups=((cast.LEADS_GROUP, cast.LEADS, tuple(cast.person(login).user for login in cast.REVIEWERS)),),
    )


def github_config(base_url: str, data_dir: Path, keys: Keys) -> GitHubConfig:
    """The forge: an organisation, two teams, the App, and who may do what."""
    insiders = [one for one in cast.PEOPLE if one.permission != "none"]
    teams = (Team(cast.LEADS, "ML leads", cast.REVIEWERS), Team("ml-platform", "ML platform", ("kim",), id=2))
    return GitHubConfig(
        base_url=base_url,
        html_base=base_url,
        data_dir=data_dir / "repos",
        webhook_url=f"{base_url}/webhooks/github",
        webhook_secret=keys.webhook_secret,
        accounts=tuple(Account(one.login, one.github_id, one.name, keys.tokens[one.login]) for one in cast.PEOPLE),
        orgs=(Org(cast.ORG, 9_001, tuple(one.login for one in insiders), teams),),
        collaborators=tuple(Collaborator(name, one.login, one.permission) for name in REPOS for one in insiders),
        apps=(
            AppSeed(
                cast.GITHUB_APP_ID,
                cast.GITHUB_APP,
                keys.public_key,
                cast.GITHUB_INSTALLATION_ID,
                repos=REPOS,
                permissions=cast.GITHUB_PERMISSIONS,
                events=cast.GITHUB_EVENTS,
                client_id=cast.GITHUB_CLIENT_ID,
                client_secret=keys.github_client_secret,
                callback_urls=(f"{base_url}/link/github",),
                device_flow=True,
            ),
        ),
    )


def protection() -> dict[str, Any]:
    """Main's protection, as the REST API takes it: our two statuses, from our App and no other.

    Administrators are exempt, so that kim can push past it and the bot can notice.
    """
    checks = [{"context": context, "app_id": cast.GITHUB_APP_ID} for context in REQUIRED]
    return {
        "required_status_checks": {"strict": False, "checks": checks},
        "enforce_admins": False,
        "required_pull_request_reviews": None,
        "restrictions": None,
        "allow_force_pushes": False,
        "allow_deletions": False,
    }


def bot_env(base_url: str, data_dir: Path, keys: Keys, bot_port: int) -> dict[str, str]:
    """The environment variables that make a bot work in this world."""
    return {
        "SLACK_BOT_TOKEN": keys.bot_token,
        "SLACK_SIGNING_SECRET": keys.signing_secret,
        "SLACK_APP_TOKEN": keys.app_token,
        "SLACK_API_URL": f"{base_url}/sandbox/slack/api/",
        "GITHUB_API_URL": f"{base_url}/sandbox/github/api/v3",
        "GITHUB_APP_ID": str(cast.GITHUB_APP_ID),
        "GITHUB_APP_PRIVATE_KEY": keys.private_key,
        "GITHUB_INSTALLATION_ID": str(cast.GITHUB_INSTALLATION_ID),
        "GITHUB_CLIENT_ID": cast.GITHUB_CLIENT_ID,
        "GITHUB_CLIENT_SECRET": keys.github_client_secret,
        "SLACK_CLIENT_ID": cast.SLACK_CLIENT_ID,
        "SLACK_CLIENT_SECRET": keys.slack_client_secret,
        "GITHUB_WEBHOOK_SECRET": keys.webhook_secret,
        "DEPLOYMENT_REPO": cast.REPO,
        "DEPLOYMENT_REMOTE_URL": remote_url(base_url),
        "MLFLOW_TRACKING_URI": tracking_uri(data_dir),
        "MLFLOW_WEBHOOK_SECRET": keys.mlflow_secret,
        "ALERTMANAGER_WEBHOOK_TOKEN": keys.alertmanager_token,
        "DRIFT_WEBHOOK_SECRET": keys.drift_secret,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        "SLACKOPS_DATA_DIR": str(data_dir / "bot"),
        "SLACKOPS_ENCRYPTION_KEYS": keys.encryption_key,
        "PUBLIC_URL": base_url,
        "PORT": str(bot_port),
        **_direct(),
    }


def remote_url(base_url: str) -> str:
    """Where the deployment repo is cloned from."""
    return f"{base_url}/sandbox/github/{cast.REPO}.git"


def _direct() -> dict[str, str]:
    """A proxy of this machine's environment must not be asked for loopback addresses."""
    listed = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    hosts = ",".join(filter(None, [listed, "127.0.0.1", "localhost"]))
    return {"NO_PROXY": hosts, "no_proxy": hosts}
