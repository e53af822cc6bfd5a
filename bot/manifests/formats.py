"""The formats that manifests come in. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.policy.model import Binding, Target
from bot.manifests.leaf import Leaf, ManifestFile
from bot.manifests.refusals import unreadable
from bot.manifests.yaml_format import YamlFile

FORMATS: Final[Mapping[str, type[ManifestFile]]] = {
    "yaml": YamlFile,
}


class OpenTarget:
    """A target's files, each parsed once."""

    def __init__(self, target: Target, files: Mapping[str, bytes]) -> None:
        self._files, self.target = files, target
        self._open: dict[tuple[str, str], ManifestFile] = {}

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Refused(TARGET_UNREADABLE), for a file that is not there too."""
        return self.file(binding).leaf(binding)

    def file(self, binding: Binding) -> ManifestFile:
        """The file that the binding is in."""
        key = (binding.file, binding.format)
        if key not in self._open:
            content = self._files.get(binding.file)
            if content is None:
                raise unreadable(binding.file, "is not in the deployment repo")
            self._open[key] = FORMATS[binding.format](binding.file, content)
        return self._open[key]

    @property
    def given(self) -> dict[str, str]:
        """The variables that come with the target."""
        return {"model": self.target.model, "environment": self.target.environment}
