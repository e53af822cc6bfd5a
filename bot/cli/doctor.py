"""`slackops doctor`: what is wrong, and the fix."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable

import typer

from bot.bootstrap import build_chat, build_credentials, build_forge, build_mirror, own_places
from bot.cli.tables import printable
from bot.domain.doctor import Finding, State, fail
from bot.domain.wording import one_line
from bot.errors import SlackOpsError
from bot.ports import DriftMemory
from bot.settings import Settings, SettingsInvalid, load_settings
from bot.usecases.doctor import run_checks
from bot.usecases.doctor_checks import Configured, Doctor
from bot.usecases.doctor_drift import DriftProbes
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo

PATIENCE = 30.0
"""Seconds for each half of the checks."""
LINKING = ("public_url", "slack_client_id", "slack_client_secret", "github_client_id", "github_client_secret")


def run_doctor(*, as_json: bool) -> None:
    """Print the findings; exit 1 where one is a fault."""
    findings = examine()
    tell(findings, as_json=as_json)
    sys.exit(1 if any(one.state is State.FAIL for one in findings) else 0)


def examine() -> list[Finding]:
    """Look at everything that the environment variables lead to."""
    try:
        settings = load_settings(os.environ)
    except SettingsInvalid as why:
        return [fail("settings", f"{one.name} {one.message}", f"Set {one.name}.") for one in why.faults]
    try:
        doctor = build_doctor(settings)
    except SlackOpsError as why:
        return [fail("settings", str(why), "Mend that first.")]
    found = run_checks(doctor.first(), PATIENCE)
    return [*found, *run_checks(doctor.then(), PATIENCE)]


def tell(findings: Iterable[Finding], *, as_json: bool) -> None:
    """One line a finding; with ``as_json`` a list for scripts."""
    found = list(findings)
    if as_json:
        told = [{"name": f.name, "state": f.state.value, "message": f.message, "fix": f.fix or None} for f in found]
        typer.echo(json.dumps(told, indent=2))
        return
    for one in found:
        fix = f"  Fix: {one.fix}" if one.fix else ""
        message = one_line(one.message).removesuffix(".")
        typer.echo(printable(f"{one.state.value:<4}  {one.name}: {message}{'.' if fix else ''}{fix}"))
    counts = {state: sum(one.state is state for one in found) for state in State}
    warned = "1 warning" if counts[State.WARN] == 1 else f"{counts[State.WARN] or 'no'} warnings"
    asked = "1 check" if len(found) == 1 else f"{len(found)} checks"
    words = f"{asked}, {counts[State.FAIL] or 'none'} failed, {warned}"
    typer.echo(words, err=bool(counts[State.FAIL]))


def build_doctor(settings: Settings) -> Doctor:
    """Whom to ask, out of the settings. Raises Fatal, StoreUnavailable."""
    from bot.adapters.clock import SystemClock
    from bot.adapters.github import GitHubCi
    from bot.adapters.github.probe import GitHubProbe
    from bot.adapters.mlflow_registry import MlflowRegistry
    from bot.adapters.slack_chat.probe import SlackWebProbe
    from bot.adapters.store_sql import Database, SqlDriftMemory, SqlLinks
    from bot.adapters.store_sql.probe import SqlProbe

    settings.slackops_data_dir.mkdir(parents=True, exist_ok=True)
    credentials, database = build_credentials(settings), Database(settings.database)
    keys = [key.get_secret_value() for key in settings.slackops_encryption_keys]
    store = SqlProbe(database, keys)
    timeout = settings.slackops_registry_timeout
    registry = MlflowRegistry(settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=timeout)
    app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
    token = settings.slack_bot_token.get_secret_value()
    return Doctor(
        configured=configured(settings, len(keys)),
        slack=SlackWebProbe(token, app_token, settings.slack_api_url),
        hub=GitHubProbe(settings.deployment_repo, credentials, settings.github_api_url),
        store=store,
        chat=build_chat(settings),
        forge=build_forge(settings, credentials),
        registry=registry,
        repo=Repo(build_mirror(settings, credentials), VersionNames(registry, SystemClock())),
        links=SqlLinks(database, keys) if store.current() else None,
        ci=GitHubCi(credentials, settings.github_api_url),
        drift=drift_probes(settings, SqlDriftMemory(database) if store.current() else None),
        variable=os.environ.get,
    )


def drift_probes(settings: Settings, memory: DriftMemory | None) -> DriftProbes:
    """Whom to ask about declared sources and runs of drift."""
    from bot.adapters.drift_files import StoredFiles
    from bot.adapters.measuring import measuring_there
    from bot.adapters.mlflow_registry.drift import MlflowRuns

    timeout = settings.slackops_registry_timeout
    runs = MlflowRuns(settings.mlflow_tracking_uri, settings.mlflow_registry_uri, timeout=timeout)
    files, is_set = StoredFiles(own_places(settings)), lambda name: bool(os.environ.get(name, "").strip())
    return DriftProbes(files, runs, measuring_there(), is_set, memory)


def configured(settings: Settings, keys: int) -> Configured:
    """What the settings say, without a secret."""
    rollout = settings.rollout_webhook_secret is not None
    return Configured(
        public_url=settings.public_url,
        signed=settings.slack_signing_secret is not None,
        app_token=settings.slack_app_token is not None,
        hook_secret=settings.github_webhook_secret is not None,
        poll=settings.slackops_poll_seconds,
        keys=keys,
        linking=tuple(name.upper() for name in LINKING if getattr(settings, name) is None),
        heard={
            "argocd": settings.argocd_server is not None or settings.argocd_webhook_token is not None,
            "flux": settings.flux_webhook_secret is not None,
            "fleet": rollout,
            "rollout": rollout,
            "github": settings.github_webhook_secret is not None,
        },
    )
