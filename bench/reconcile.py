"""Many open changes in steady state: what it costs to look at them all again.

Run with ``python -m bench.reconcile``; ``--count`` takes fewer changes than 500. The bot runs against the embedded
sandbox; the changes are pull requests by hand, each of which moves the version of a model of its own, and wait for
reviews. Once everything has settled, the clock's sweep is carried out several times, and the forge's log says what was
asked and what was written: REST and GraphQL alike, Git left out. The bot's pace towards Slack and GitHub is lifted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.adapters.github import GitHubForge
from bot.adapters.github.pacing import Pacing
from bot.adapters.slack_chat import SlackChat
from bot.adapters.slack_chat.pacing import Pacer
from bot.bootstrap import Bot, build_credentials
from bot.domain.commands import Sweep
from bot.sandbox.server import Options, Sandbox
from bot.settings import load_settings
from bot.usecases.dispatch import Dispatcher

REPO = "acme/ml-deployments"
REQUESTS_GOAL, WRITES_GOAL = 15, 0
SWEEPS = 12
POLICY = """\
version: 1
environments:
  production: {approvals: {required: 1, from: ["slack:U0BEN"]}}
layouts:
  - {files: ["models/{model}/production.yaml"], at: uri, value: "s3://models/{model}/{version}"}
"""


def manifest(model: int, version: int) -> bytes:
    """One manifest of one line."""
    return f"uri: s3://models/model-{model:03}/{version}\n".encode()


def stream(count: int) -> Iterator[bytes]:
    """For ``git fast-import``: the models on main, and a branch for each that moves it."""
    yield _commit("refs/heads/main", "refs/heads/main^0")
    yield _file(".slackops.yaml", POLICY.encode())
    for model in range(count):
        yield _file(f"models/model-{model:03}/production.yaml", manifest(model, 1))
    for model in range(count):
        yield _commit(f"refs/heads/move-{model:03}", "refs/heads/main^0")
        yield _file(f"models/model-{model:03}/production.yaml", manifest(model, 2))


def _commit(ref: str, parent: str) -> bytes:
    who = f"Kim <kim@example.com> {int(time.time())} +0000"
    return f"commit {ref}\ncommitter {who}\ndata 4\nMove\nfrom {parent}\n".encode()


def _file(path: str, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def register(uri: str, count: int) -> None:
    """Two versions of every model, so that nothing waits for the registry."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    for model in range(count):
        client.create_registered_model(f"model-{model:03}")
        for _ in range(2):
            client.create_model_version(f"model-{model:03}", source=f"s3://models/{model}")


def unpaced(bot: Bot) -> None:
    """The same bot, as fast as the sandbox."""
    settings = bot.settings
    forge = GitHubForge(
        settings.deployment_repo, build_credentials(settings), settings.github_api_url, Pacing(10**6, 10**6)
    )
    token = settings.slack_bot_token.get_secret_value()
    chat = SlackChat(token, settings.slack_api_url, pacer=Pacer(burst=10**6))
    bot.context = replace(bot.context, forge=forge, chat=chat)
    bot.dispatcher = Dispatcher(bot.context)


def drain(bot: Bot) -> int:
    """Carry out every row that is due now, one after the other; how many."""
    done = 0
    while row := bot.store.inbox.claim("bench", 600.0):
        bot.dispatcher(row)
        bot.store.inbox.done(row)
        done += 1
    return done


def look(bot: Bot, name: str) -> None:
    """One sweep, and what it asks for."""
    bot.store.inbox.put(f"bench:{name}", Sweep())
    drain(bot)


async def measure(folder: Path, count: int) -> list[tuple[int, int]]:
    """Requests to the forge, and writes anywhere, of each sweep once all is settled."""
    sandbox = Sandbox(folder, 0, options=Options(page=False, registry=False))
    await sandbox.start()
    try:
        bare = sandbox.github.repo_path(REPO)
        feed = b"".join(stream(count))
        command = ["git", "--git-dir", str(bare), "fast-import", "--quiet", "--force"]
        await asyncio.to_thread(subprocess.run, command, input=feed, check=True)
        env = os.environ | sandbox.env() | {"LOG_LEVEL": "ERROR"}
        await asyncio.to_thread(register, env["MLFLOW_TRACKING_URI"], count)
        for model in range(count):
            await sandbox.github.open_pull("kim", REPO, f"move-{model:03}", "main", f"Move model-{model:03}")
        bot = Bot(load_settings(env))
        unpaced(bot)
        for turn in range(3):  # the first finds them all; then what that left to do
            await asyncio.to_thread(look, bot, f"settle{turn}")
        found = []
        for turn in range(SWEEPS):
            sandbox.hooks.log.clear()
            await asyncio.to_thread(look, bot, f"sweep{turn}")
            found.append(_costs(sandbox))
        return found
    finally:
        await sandbox.stop()


def _costs(sandbox: Sandbox) -> tuple[int, int]:
    asked = [call for call in sandbox.hooks.log if call.service == "github"]
    rest = [call for call in asked if not call.name.startswith("GET ") and call.name != "POST /graphql"]
    said = [call for call in sandbox.hooks.log if call.service == "slack" and call.name.startswith("chat.")]
    return len(asked), len(rest) + len(said)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="open changes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-reconcile-") as name:
        found = asyncio.run(measure(Path(name), asked.count))
    requests, writes = max(one for one, _ in found), sum(two for _, two in found)
    good = requests <= REQUESTS_GOAL and writes <= WRITES_GOAL
    print(f"reconcile, {asked.count} open changes in steady state, {SWEEPS} sweeps")
    print(f"  most forge requests of a sweep: {requests}; goal <= {REQUESTS_GOAL}")
    print(f"  writes of all sweeps: {writes}; goal {WRITES_GOAL}: {'PASS' if good else 'FAIL'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
