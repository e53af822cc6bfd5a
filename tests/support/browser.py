"""Find a Chromium for the browser tests, or install one: `make test` runs this module first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Path of a Chromium that can be started, Playwright's own included; None when there is none."""
    given = os.environ.get("SLACKOPS_CHROMIUM")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:  # whatever is wrong with it, there is no browser here
        return None
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install one: by apt where we may, else by Playwright's download. Says what it does."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("No Chromium here: installing Debian's package chromium for the browser tests", flush=True)
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False, timeout=600)
    if not find():
        print("No Chromium here: trying Playwright's download for the browser tests", flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=600)
    return find()


def main() -> None:
    """Make sure that there is one, or say that the browser tests will be skipped."""
    path = find() or install()
    print(
        f"Browser tests use {path}"
        if path
        else "No Chromium can be had here: the browser tests will be skipped by name"
    )


if __name__ == "__main__":
    main()
