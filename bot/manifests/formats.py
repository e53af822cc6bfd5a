"""The formats that manifests come in. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.policy.model import Binding, Target
from bot.manifests.dotenv_format import DotenvFile
from bot.manifests.json_format import JsonFile
from bot.manifests.leaf import Leaf, ManifestFile
from bot.manifests.refusals import Absent
from bot.manifests.regex_format import RegexFile
from bot.manifests.toml_format import TomlFile
from bot.manifests.yaml_format import YamlFile

FORMATS: Final[Mapping[str, type[ManifestFile]]] = {
    "yaml": YamlFile,
    "json": JsonFile,
    "toml": TomlFile,
    "dotenv": DotenvFile,
    "regex": RegexFile,
}


class OpenTarget:
    """A target's files, each parsed once."""

    def __init__(self, target: Target, files: Mapping[str, bytes]) -> None:
        self._files, self.target = files, target
        self._open: dict[tuple[str, str], ManifestFile] = {}

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Absent where there is none, or the file is not there; or another Refused."""
        return self.file(binding).leaf(binding)

    def file(self, binding: Binding) -> ManifestFile:
        """The file that the binding is in. Raises Absent where it is not there."""
        key = (binding.file, binding.format)
        if key not in self._open:
            content = self._files.get(binding.file)
            if content is None:
                raise Absent(binding.file, "is not in the deployment repo")
            self._open[key] = FORMATS[binding.format](binding.file, content)
        return self._open[key]

    @property
    def given(self) -> dict[str, str]:
        """The variables that come with the target."""
        return {"model": self.target.model, "environment": self.target.environment}
