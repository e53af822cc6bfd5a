"""The policy of the trust machine, as facts, and as the file that says them."""

from __future__ import annotations

from dataclasses import dataclass

MODEL, ENVIRONMENT, PATH = "fraud", "production", "models/fraud/production.yaml"


@dataclass(frozen=True)
class Rules:
    """What the policy says; ``frm`` empty: whoever may write. ``promote`` None: everybody."""

    required: int = 1
    frm: tuple[str, ...] = ("slack:@leads", "github:acme/leads")
    requester: bool = False
    back: int = 1
    back_requester: bool = True
    freezes: str = "ignore"
    threshold: float | None = None
    check: bool = False
    auto: bool = True
    promote: tuple[str, ...] | None = None
    glass: tuple[str, ...] = ("slack:U0EVE", "slack:U0ANA")
    waive: tuple[str, ...] | None = None
    within: int = 24
    note: int = 0

    def text(self) -> bytes:
        """The policy file that says so."""
        gates = [f"{{metric: roc_auc, threshold: {self.threshold}}}"] if self.threshold else []
        gates += ['{check: "ci/*"}'] if self.check else []
        roles = f", promote: [{_quoted(self.promote)}]" if self.promote is not None else ""
        roles += f", break_glass: [{_quoted(self.glass)}]"
        roles += f", waive: [{_quoted(self.waive)}]" if self.waive is not None else ""
        return f"""# {self.note}
version: 1
break_glass: {{review_within: {self.within}h}}
defaults: {{channel: "#ml"}}
roles: {{freeze: ["slack:U0BEN", "slack:U0EVE"], ban: ["slack:U0BEN"]{roles}}}
environments:
  {ENVIRONMENT}:
    approvals: {{required: {self.required}, from: [{_quoted(self.frm)}], requester: {_yes(self.requester)}}}
    rollback: {{approvals: {self.back}, requester: {_yes(self.back_requester)}, freezes: {self.freezes}}}
    gates: [{", ".join(gates)}]
    merge: {{auto: {_yes(self.auto)}}}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
models:
  {MODEL}: {{primary_metric: roc_auc}}
""".encode()


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _yes(flag: bool) -> str:
    return "true" if flag else "false"
