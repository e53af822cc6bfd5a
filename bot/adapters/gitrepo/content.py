"""Files of a commit, read and written through tree objects, with no index and no work tree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.adapters.gitrepo import trees
from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.objects import ObjectStore
from bot.errors import Reason, Refused

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
Parts = tuple[bytes, ...]
_BAD_PART = re.compile(rb"\.{0,2}|\.git|[^\0]*\0.*", re.IGNORECASE | re.DOTALL)


def parts_of(path: str) -> Parts | None:
    """The path's components; None when it is absolute, leaves the repository or names Git's own folder."""
    try:
        parts = tuple(path.encode().split(b"/"))
    except UnicodeEncodeError:
        return None
    return None if any(_BAD_PART.fullmatch(part) for part in parts) else parts


def read_files(store: ObjectStore, root: str, paths: Sequence[str]) -> dict[str, bytes]:
    """The regular files among the paths: all folders of one level are read in one batch, then all files."""
    blobs = _locate(store, root, paths)
    data = _read(store, sorted(set(blobs.values())), "blob")
    return {path: data[oid] for path, oid in blobs.items()}


def list_folder(store: ObjectStore, root: str, path: str) -> list[str]:
    """Paths of the regular files directly in a folder; names that are not UTF-8 are left out."""
    parts = parts_of(path)
    if parts is None:
        return []
    oid = root
    for part in parts:
        entry = trees.find(_read(store, [oid], "tree")[oid], {part}).get(part)
        if entry is None or not entry.is_tree:
            return []
        oid = entry.oid
    names = (name.decode("utf-8", "surrogateescape") for name in trees.files(_read(store, [oid], "tree")[oid]))
    return [f"{path}/{name}" for name in names if name.isprintable()]


def write_files(store: ObjectStore, root: str, files: Mapping[str, bytes]) -> str:
    """The tree with these files replaced or added; an executable file stays one. Raises Refused for a bad path."""
    changes = {_checked(path): content for path, content in files.items()}
    return _write_tree(store, root, changes) if changes else root


def _locate(store: ObjectStore, root: str, paths: Sequence[str]) -> dict[str, str]:
    split = [(path, parts) for path in dict.fromkeys(paths) if (parts := parts_of(path))]
    level: dict[str, list[tuple[str, Parts]]] = {root: split} if split else {}
    found: dict[str, str] = {}
    while level:
        deeper: dict[str, list[tuple[str, Parts]]] = defaultdict(list)
        for oid, data in _read(store, list(level), "tree").items():
            entries = trees.find(data, {parts[0] for _, parts in level[oid]})
            for path, parts in level[oid]:
                entry = entries.get(parts[0])
                if entry and entry.is_tree and len(parts) > 1:
                    deeper[entry.oid].append((path, parts[1:]))
                elif entry and entry.is_file and len(parts) == 1:
                    found[path] = entry.oid
        level = deeper
    return found


def _read(store: ObjectStore, oids: Sequence[str], kind: str) -> dict[str, bytes]:
    objects = dict(zip(oids, store.get(oids), strict=True))
    good = {oid: found.data for oid, found in objects.items() if found is not None and found.kind == kind}
    if len(good) != len(objects):
        raise GitFailed("cat-file", 128, f"corrupt: missing {kind}")
    return good


def _write_tree(store: ObjectStore, oid: str | None, changes: Mapping[Parts, bytes]) -> str:
    data = b"" if oid in {None, EMPTY_TREE} else _read(store, [str(oid)], "tree")[str(oid)]
    entries = trees.find(data, {parts[0] for parts in changes})
    folders: dict[bytes, dict[Parts, bytes]] = defaultdict(dict)
    for parts, content in changes.items():
        old = entries.get(parts[0])
        if len(parts) > 1:
            folders[parts[0]][parts[1:]] = content
        else:
            data = trees.put(data, parts[0], _file_mode(parts, old), store.put("blob", content))
    for name, inner in folders.items():
        data = trees.put(data, name, trees.TREE, _write_tree(store, _folder(name, entries.get(name)), inner))
    return store.put("tree", data)


def _file_mode(parts: Parts, old: trees.Entry | None) -> bytes:
    if old is not None and not old.is_file:
        raise _refuse(parts[0].decode("utf-8", "replace"))
    return old.mode if old is not None else trees.FILE


def _folder(name: bytes, old: trees.Entry | None) -> str | None:
    if old is not None and not old.is_tree:
        raise _refuse(name.decode("utf-8", "replace"))
    return old.oid if old is not None else None


def _checked(path: str) -> Parts:
    parts = parts_of(path)
    if parts is None:
        raise _refuse(path)
    return parts


def _refuse(path: str) -> Refused:
    return Refused(
        Reason.TARGET_UNREADABLE,
        f"`{path}` is no ordinary file or folder of the deployment repo.",
        "Let the policy's target name a regular file, not a link, a submodule or a path outside the repository.",
    )
