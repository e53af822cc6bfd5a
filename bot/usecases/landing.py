"""A commit and its branch at the forge: pushed by Git, or made through the forge's API, which signs it."""

from __future__ import annotations

from bot.errors import Reason, Refused
from bot.ports import NewCommit
from bot.usecases.context import Context
from bot.usecases.repo import Repo


def land(ctx: Context, repo: Repo, new: NewCommit, branch: str) -> str | None:
    """The commit at the head of the branch; None where the branch holds something else. Raises Refused where a rule of
    the forge forbids it.

    A pushed commit is the same whenever it is made. One that the forge makes has a time of its own: an earlier try is
    found by its parents, its tree and its words, trailers included.
    """
    local = ctx.checkout.commit(new)
    if _mode(ctx, repo) == "push":
        return local if ctx.checkout.push(local, branch) else None
    ctx.checkout.fetch()
    tip = ctx.checkout.ref(branch)
    if tip is not None and _same(ctx, tip, new, local):
        return tip
    if tip is not None and tip not in new.parents:
        return None
    return _through_the_forge(ctx, new, local, branch, tip)


def _through_the_forge(ctx: Context, new: NewCommit, local: str, branch: str, tip: str | None) -> str | None:
    base_tree = ctx.checkout.tree(new.tree_of or local)
    commit, tree = ctx.forge.make_commit(new.parents, base_tree, new.files, new.message)
    if tree != ctx.checkout.tree(local):
        raise Refused(
            Reason.FORGE_REFUSED,
            "The forge made another tree than the one that was judged.",
            "See whether one of the files is executable; set `commits: push` in the policy until then.",
        )
    if not ctx.forge.point(branch, commit, new=tip is None):
        return None
    ctx.checkout.fetch()
    return commit


def _same(ctx: Context, tip: str, new: NewCommit, local: str) -> bool:
    at = ctx.checkout
    words = at.message(tip) == at.message(local)
    return words and at.parents(tip) == new.parents and at.tree(tip) == at.tree(local)


def _mode(ctx: Context, repo: Repo) -> str:
    """As the policy of today says; where it cannot be read, as Git does it."""
    try:
        return repo.policy(ctx.checkout.head()).commits
    except Refused:
        return "push"
