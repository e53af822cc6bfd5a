"""What the sandbox starts with: people, an example deployment repo with a history, and really trained models."""

from bot.sandbox.seed.cast import PEOPLE, REPO, Person
from bot.sandbox.seed.faults import FAULTS
from bot.sandbox.seed.files import example_repo
from bot.sandbox.seed.history import deployed, write_history
from bot.sandbox.seed.registry import RegistryUnavailable, seed_registry, tracking_uri

__all__ = [
    "FAULTS",
    "PEOPLE",
    "REPO",
    "Person",
    "RegistryUnavailable",
    "deployed",
    "example_repo",
    "seed_registry",
    "tracking_uri",
    "write_history",
]
