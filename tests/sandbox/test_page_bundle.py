"""The committed bundle: it is that of the source beside it, and it needs nothing from elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from bot.sandbox.page.app import STATIC

FRONTEND = STATIC.parent / "frontend"


def test_the_bundle_is_built_from_the_source() -> None:
    files = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted([*files, FRONTEND / "package-lock.json"], key=str):
        digest.update(path.read_bytes())
    assert (STATIC / "source.sha256").read_text().strip() == digest.hexdigest(), "run the page's build"


def test_the_page_loads_only_from_itself() -> None:
    index = (STATIC / "index.html").read_text()
    assert re.findall(r'(?:src|href)="([^"]+)"', index) == [
        "/page/static/icon.svg",
        "/page/static/app.css",
        "/page/static/app.js",
    ]
    assert "<style" not in index
    assert not re.search(r"<script[^>]*>[^<]", index)
    assert not re.search(r"@import|url\(\s*['\"]?(https?:|//)", (STATIC / "app.css").read_text())


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    assert not any("resolved" in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_sources_are_small() -> None:
    long = {path.name: lines for path in sources() if (lines := len(path.read_text().splitlines())) > 250}
    assert not long, "one duty a file"


def sources() -> list[Path]:
    return [path for path in (FRONTEND / "src").rglob("*.ts*") if path.name != "types.ts"]
