"""Reports in directories, in an object store's file system, and in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters import drift_files
from bot.adapters.drift_files import StoredFiles
from bot.errors import Reason, Refused, Transient
from bot.ports import DriftFile, DriftFiles
from tests.fakes.drift_files import FakeDriftFiles


class Place:
    """Somewhere that reports lie: ``root`` is how paths there begin."""

    def __init__(self, files: DriftFiles, root: str, put: Callable[[str, bytes, float], None]) -> None:
        self.files, self.root, self._put = files, root, put

    def put(self, name: str, content: bytes = b"{}", modified: float = 1000.0) -> None:
        self._put(name, content, modified)

    def names(self, pattern: str, since: float = 0.0) -> list[str]:
        found = self.files.list(f"{self.root}/{pattern}".rstrip("/"), since)
        return [one.path.removeprefix(f"{self.root}/") for one in found]

    def only(self) -> DriftFile:
        [one] = self.files.list(self.root)
        return one


@pytest.fixture(params=["fake", "path", "uri", "store"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if request.param == "fake":
        fake = FakeDriftFiles()
        fake.put("/reports/.keep", b"", 0.0)
        return Place(fake, "/reports", lambda name, body, at: fake.put(f"/reports/{name}", body, at))
    folder = tmp_path / "bucket" / "reports [1]"

    def write(name: str, body: bytes, at: float) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
        os.utime(folder / name, (at, at))

    write(".keep", b"", 0.0)
    if request.param == "store":
        fs = pytest.importorskip("pyarrow.fs")
        system = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
        monkeypatch.setattr(drift_files, "_system", lambda scheme, bucket: system)
        return Place(StoredFiles(), "s3://bucket/reports [1]", write)
    return Place(StoredFiles(), f"{'file://' if request.param == 'uri' else ''}{folder}", write)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("", ["b.json", "a.json", "c.txt"]),
        ("*.json", ["b.json", "a.json"]),
        ("*/*.json", ["fraud/d.json", "ltv/e.json"]),
        ("fraud/*", ["fraud/d.json"]),
        ("**/*.json", ["b.json", "a.json", "fraud/d.json", "ltv/e.json"]),
        ("ltv/**", ["ltv/e.json"]),
        ("?.txt", ["c.txt"]),
        ("a.json", ["a.json"]),
        ("*.xml", []),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_listed_the_oldest_first(place: Place, pattern: str, names: list[str]) -> None:
    for name, at in (("a.json", 2.0), ("b.json", 1.0), ("c.txt", 3.0), ("fraud/d.json", 4.0), ("ltv/e.json", 5.0)):
        place.put(name, modified=at)
    assert [name for name in place.names(pattern) if name != ".keep"] == names


def test_what_was_written_since(place: Place) -> None:
    for name, at in (("a.json", 2.5), ("b.json", 1.0), ("c.json", 2.0)):
        place.put(name, modified=at)
    assert place.names("*.json", since=2.0) == ["c.json", "a.json"]


def test_another_content_has_another_tag(place: Place) -> None:
    place.put(".keep", b"one", 5.0)
    first = place.only()
    assert first == place.only()
    place.put(".keep", b"two", 6.0)
    assert (first.modified, place.only().modified, first.size) == (5.0, 6.0, 3)
    assert place.only().tag != first.tag


def test_a_report_is_read_up_to_its_limit(place: Place) -> None:
    place.put(".keep", b"12345")
    assert place.files.read(place.only(), 5) == b"12345"
    with pytest.raises(Refused, match="more than 4 bytes"):
        place.files.read(place.only(), 4)


def test_what_is_not_there(place: Place) -> None:
    with pytest.raises(Refused) as refused:
        place.names("nowhere/*.json")
    assert refused.value.reason is Reason.DATA_UNREADABLE
    with pytest.raises(Refused):
        place.files.read(DriftFile(f"{place.root}/gone.json", "", 0.0, 0), 10)


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert list(StoredFiles().list(f"{tmp_path}/*.json")) == []


def test_a_path_from_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text("{}")
    assert [one.path for one in StoredFiles().list("*.json")] == ["a.json"]
    assert [one.path for one in StoredFiles().list("./*.json")] == ["./a.json"]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError("When listing: AWS Error NETWORK_CONNECTION during ListObjectsV2\nmore"), Transient),
        (OSError("AWS Error ACCESS_DENIED during ListObjectsV2"), Refused),
        (PermissionError(13, "Permission denied"), Refused),
        (ImportError("no pyarrow"), Refused),
        (ValueError("no such scheme"), Refused),
    ],
    ids=["away", "denied", "permission", "extra", "value"],
)
def test_what_a_store_says(monkeypatch: pytest.MonkeyPatch, error: Exception, raised: type[Exception]) -> None:
    def fail(scheme: str, bucket: str) -> None:
        raise error

    pytest.importorskip("pyarrow.fs")
    monkeypatch.setattr(drift_files, "_system", fail)
    with pytest.raises(raised, match="s3://bucket/x"):
        list(StoredFiles().list("s3://bucket/x/*.json"))
