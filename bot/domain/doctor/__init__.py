"""What `slackops doctor` says: facts in, findings out. No check here asks anybody."""

from bot.domain.doctor.finding import Finding, State, fail, ok, warn

__all__ = ["Finding", "State", "fail", "ok", "warn"]
