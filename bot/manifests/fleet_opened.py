"""Files that many targets share, such as one file of values for all models: parsed once, for as long as it may help."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from bot.domain.policy.model import Binding, Target
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import ManifestFile

# A tree takes some ten times the memory of its text.
_MAX_BYTES: Final = 4 * 1024 * 1024
_MAX_FILES: Final = 16


class OpenFiles:
    """The files that were parsed last."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], tuple[bytes, ManifestFile]] = OrderedDict()

    def get(self, file: str, format_: str, content: bytes) -> ManifestFile | None:
        """The file, if it was parsed with this content."""
        known = self._files.get((file, format_))
        if known is None or known[0] != content:
            return None
        self._files.move_to_end((file, format_))
        return known[1]

    def put(self, file: str, format_: str, content: bytes, opened: ManifestFile) -> None:
        """Keep a file; those that were not asked for lately go."""
        self._files[file, format_] = content, opened
        self._files.move_to_end((file, format_))
        while len(self._files) > _MAX_FILES or sum(len(kept) for kept, _ in self._files.values()) > _MAX_BYTES:
            self._files.popitem(last=False)

    def forget(self) -> None:
        """Let go of all of them."""
        self._files.clear()


class SharingTarget(OpenTarget):
    """A target whose files may have been parsed for another one."""

    def __init__(self, target: Target, files: Mapping[str, bytes], shared: OpenFiles) -> None:
        super().__init__(target, files)
        self._contents, self._shared = files, shared

    def file(self, binding: Binding) -> ManifestFile:
        """The file that the binding is in. Raises Refused, as ever."""
        content = self._contents.get(binding.file)
        found = None if content is None else self._shared.get(binding.file, binding.format, content)
        if found is None:
            found = super().file(binding)
            if content is not None:
                self._shared.put(binding.file, binding.format, content, found)
        return found
