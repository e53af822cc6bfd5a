"""A small deployment repo for what is checked and planned: a layout, an id, a tag, two files that must agree."""

from __future__ import annotations

POLICY = """\
version: 1
roles: {promote: ["slack:U0ANA"], rollback: ["slack:U0ANA"]}
environments:
  staging: {}
  production:
    aliases: [prod]
    approvals: {required: 2, from: ["slack:S0LEADS", "slack:@ml-leads", "github:acme/ml-leads", "slack:U0BEN"]}
    rollback: {approvals: 1}
    gates:
      - {metric: roc_auc, threshold: 0.9, at: propose}
      - {check: "ci/*"}
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: uri, value: "s3://models/{model}/{version}"}
models:
  churn:
    registry: prod.churn
    targets:
      production:
        - {files: [churn.yaml], at: uri, value: "s3://mlflow/{experiment_id}/models/{model_id}/artifacts"}
  ltv:
    targets:
      production:
        - {files: [ltv.yaml], at: image.tag, value: "{version}"}
  twins:
    targets:
      staging:
        - {files: [twins-a.yaml, twins-b.yaml], at: version, value: "{version}"}
"""
FILES: dict[str, str] = {
    ".slackops.yaml": POLICY,
    "models/fraud/staging.yaml": "# kept\nuri: s3://models/fraud/41\n",
    "models/fraud/production.yaml": 'uri: "s3://models/fraud/40"  # pinned\n',
    "churn.yaml": "uri: s3://mlflow/1/models/m-churn-1/artifacts\n",
    "ltv.yaml": "image:\n  tag: v5\n",
    "twins-a.yaml": "version: '7'\n",
    "twins-b.yaml": "version: '7'\n",
}


def as_bytes(**changes: str | None) -> dict[str, bytes]:
    """The files, some of them changed: a name with `__` for each `/` and `_` for each `.`; None leaves one out."""
    renamed = {name.replace("__", "/").replace("_", "."): text for name, text in changes.items()}
    return {name: text.encode() for name, text in {**FILES, **renamed}.items() if text is not None}
