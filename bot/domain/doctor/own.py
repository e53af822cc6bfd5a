"""What is the bot's own: database, keys, policy, targets, registry, linking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.doctor.finding import Finding, fail, listed, ok, warn
from bot.domain.policy.shown import nearest

MOST = 20


def check_store(revision: str | None, newest: str, where: str) -> Finding:
    """``revision`` is the schema's, None for a database that is still empty; ``where`` it is, with no password."""
    if revision is None:
        return ok("store", f"{where}: empty and writable; the first start fills it")
    if revision == newest:
        return ok("store", f"{where}: writable, schema {revision}")
    if revision < newest:
        return warn("store", f"{where}: schema {revision}, this release wants {newest}", "Start the bot: it migrates.")
    fix = "Run the release that made it, or a newer one."
    return fail("store", f"{where}: schema {revision} is newer than this release ({newest})", fix)


def check_keys(keys: int, links: int, sealed: Iterable[str]) -> Finding:
    """``keys`` there are, ``links`` in all, of which ``sealed`` are the accounts that no key opens."""
    closed = list(sealed)
    if closed:
        fix = "Put the key that sealed them back into SLACKOPS_ENCRYPTION_KEYS, or let them link again."
        return fail("encryption keys", f"no key opens the link of {listed(closed)}", fix)
    one = "1 key" if keys == 1 else f"{keys} keys; after `slackops keys rotate` the first is enough"
    return ok("encryption keys", f"{one}; {links or 'no'} {'link' if links == 1 else 'links'}, all of which open")


def can_link(missing: Sequence[str], *, codes: bool) -> bool:
    """Whether anybody can link. ``missing`` are the settings that the browser's way wants and has not; the way by a
    code wants none but GitHub's. ``codes``: the policy allows it."""
    return not missing or (codes and not any(name.startswith("GITHUB_") for name in missing))


def check_linking(missing: Sequence[str], *, codes: bool = False) -> Finding:
    """The arguments are those of ``can_link``."""
    if not missing:
        return ok("linking", "in the browser, after Sign in with Slack")
    if can_link(missing, codes=codes):
        return ok("linking", "by a code (`/slackops link --device`), which somebody with the role admin confirms")
    message = "accounts cannot be linked in the browser: approvals are given on GitHub"
    return warn("linking", message, f"Set {', '.join(missing)}: docs/howto/link-accounts.md.")


def check_policy(faults: Sequence[str], environments: int, *, enforce: bool) -> Iterator[Finding]:
    """``faults`` of the policy at the head of the default branch."""
    for fault in faults[:MOST]:
        yield fail("policy", fault, "Mend it by a pull request; `slackops check` shows all that is wrong.")
    if faults:
        return
    yield ok("policy", f"valid; {environments} {'environment' if environments == 1 else 'environments'}")
    if not enforce:
        fix = "Take `enforce: false` out of the policy when you have watched for long enough."
        yield warn("policy", "watching only (enforce: false): the statuses block nothing that people do by hand", fix)


def check_targets(count: int, faults: Sequence[tuple[str, str]], without: Sequence[str]) -> Iterator[Finding]:
    """``faults`` are (where, what); ``without`` are models that have no target anywhere."""
    for where, message in faults[:MOST]:
        yield fail("target", f"{where}: {message}", "Mend the file, or the target's selector in the policy.")
    for model in without[:MOST]:
        yield warn("target", f"{model} has no target in any environment", f"Add models.{model}.targets or a layout.")
    if not faults:
        yield ok("target", f"{count} {'target' if count == 1 else 'targets'} can be read")


def check_registry(wanted: Mapping[str, str], known: Sequence[str]) -> Iterator[Finding]:
    """``wanted``: the name in the registry of each model of the policy."""
    missing = {model: name for model, name in wanted.items() if name not in known}
    for model, name in sorted(missing.items())[:MOST]:
        near = nearest(name, known)
        hint = f"Did you mean registry: {near}?" if near else f"Register {name}, or set models.{model}.registry."
        yield fail("registry", f"{name} is not registered, and {model} is declared", hint)
    if not missing:
        yield ok("registry", f"answers, and knows all {len(wanted)} models of the policy")


def check_engines(wanted: Mapping[str, Sequence[str]], heard: Mapping[str, bool]) -> Iterator[Finding]:
    """``wanted``: the environments of each engine that the policy names; ``heard``: whether anything tells of it."""
    for engine, environments in wanted.items():
        if heard.get(engine, False):
            yield ok("rollouts", f"{engine} tells of {listed(list(environments))}")
        else:
            fix = "Give its webhook a secret, or let it be asked: docs/howto/watch-rollouts.md."
            yield warn("rollouts", f"nothing tells of {engine}, which rolls out {listed(list(environments))}", fix)
