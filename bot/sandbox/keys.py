"""The sandbox's secrets: made at the first start, kept in one file that only its owner may read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.hazmat.primitives.serialization import load_pem_private_key as load_pem

from bot.sandbox.seed.cast import APP_ID, PEOPLE

ADDED = (
    "alertmanager_token",
    "argocd_api_token",
    "drift_secret",
    "github_client_secret",
    "mlflow_secret",
    "slack_client_secret",
)  # not in files of earlier versions


@dataclass(frozen=True, repr=False)
class Keys:
    """Everything secret. ``tokens`` are the people's GitHub tokens by login, ``private_key`` the App's, in PEM.

    The client secrets are what the bot signs in to Slack and GitHub with when somebody links an account.
    ``argocd_token`` lets Argo CD's notifications in, ``argocd_api_token`` opens Argo CD's API to the bot.
    ``drift_secret`` and ``alertmanager_token`` let the monitor's reports and alerts in.
    """

    signing_secret: str
    bot_token: str
    app_token: str
    webhook_secret: str
    private_key: str
    encryption_key: str
    alertmanager_token: str
    argocd_token: str
    argocd_api_token: str
    drift_secret: str
    flux_secret: str
    github_client_secret: str
    mlflow_secret: str
    slack_client_secret: str
    tokens: dict[str, str]

    @property
    def public_key(self) -> str:
        """The App's public key, in PEM."""
        return _public_key(self.private_key)


@cache
def _public_key(private_key: str) -> str:
    key = load_pem(private_key.encode(), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def load_keys(path: Path) -> Keys:
    """The secrets in the file, which is made when it is absent. Raises ValueError when it is not one of ours.

    A file of an earlier version gets the secrets that it does not know.
    """
    if not path.exists():
        _write(path, fresh_keys())
    try:
        stored = json.loads(path.read_text())
        missing = {name: secrets.token_hex(24) for name in ADDED if name not in stored}
        if missing:
            _write(path, Keys(**{**stored, **missing}))
            stored = json.loads(path.read_text())
        return Keys(**stored)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is damaged; start over with --reset") from error


def fresh_keys() -> Keys:
    """New secrets, in the forms that Slack and GitHub give them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    return Keys(
        signing_secret=secrets.token_hex(16),
        bot_token=f"xoxb-{_digits()}-{_digits()}-{secrets.token_hex(12)}",
        app_token=f"xapp-1-{APP_ID}-{_digits()}-{secrets.token_hex(32)}",
        webhook_secret=secrets.token_hex(24),
        private_key=pem,
        encryption_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        alertmanager_token=secrets.token_hex(24),
        argocd_token=secrets.token_hex(24),
        argocd_api_token=secrets.token_hex(24),
        drift_secret=secrets.token_hex(24),
        flux_secret=secrets.token_hex(24),
        github_client_secret=secrets.token_hex(20),
        mlflow_secret=secrets.token_hex(24),
        slack_client_secret=secrets.token_hex(16),
        tokens={one.login: f"ghp_{secrets.token_hex(18)}" for one in PEOPLE},
    )


def _digits() -> str:
    return str(10**12 + secrets.randbelow(9 * 10**12))


def _write(path: Path, keys: Keys) -> None:
    """All or nothing: a start that is cut off must not leave half a file."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(keys), file)
    part.replace(path)
