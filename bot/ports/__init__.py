"""What the use cases need from the outside, in our own types. One adapter and one stateful fake a port.

Every method may raise ``Transient`` (try again later) or ``Fatal``; ``Refused`` where the outside says no for a reason
that a person can act on. Use cases run in worker threads, so these are plain calls; the three that stand between Slack
and its three seconds (``Intake``, ``Catalog``, ``Dialogs``) are asynchronous or answer from memory.
"""

from bot.ports.attest import Attest
from bot.ports.audit import Audit
from bot.ports.charts import Charts
from bot.ports.chat import Chat, Posted
from bot.ports.checkout import Checkout, NewCommit
from bot.ports.ci import Ci, CiLog
from bot.ports.clock import Clock
from bot.ports.cron import Cron
from bot.ports.drift import DriftFile, DriftFiles, DriftMemory, IncidentLog, LoggedRun, Measuring, MetricRuns
from bot.ports.forge import Forge
from bot.ports.gates import Evaluations, GateCalls, Incidents
from bot.ports.inbox import DeadLetter, Inbox, Intake, Row
from bot.ports.interactive import Catalog, Dialogs, FormCheck
from bot.ports.links import LinkedAccount, Links
from bot.ports.records import ChangeExists, Changes, PostRecord, Posts
from bot.ports.registry import Registry
from bot.ports.registry_memory import RegistryMemory
from bot.ports.retraining import Retrainer, Retrains
from bot.ports.signals import Engine, SignalLog, SignalRecord
from bot.ports.subscriptions import Subscription, Subscriptions

__all__ = [
    "Attest",
    "Audit",
    "Catalog",
    "ChangeExists",
    "Changes",
    "Charts",
    "Chat",
    "Checkout",
    "Ci",
    "CiLog",
    "Clock",
    "Cron",
    "DeadLetter",
    "Dialogs",
    "DriftFile",
    "DriftFiles",
    "DriftMemory",
    "Engine",
    "Evaluations",
    "Forge",
    "FormCheck",
    "GateCalls",
    "Inbox",
    "IncidentLog",
    "Incidents",
    "Intake",
    "LinkedAccount",
    "Links",
    "LoggedRun",
    "Measuring",
    "MetricRuns",
    "NewCommit",
    "PostRecord",
    "Posted",
    "Posts",
    "Registry",
    "RegistryMemory",
    "Retrainer",
    "Retrains",
    "Row",
    "SignalLog",
    "SignalRecord",
    "Subscription",
    "Subscriptions",
]
