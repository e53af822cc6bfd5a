"""Files that are no plain data, recognised by their shape: templates and languages that only look like YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from bot.domain.policy.nodes import Document, MappingNode, Node, ScalarNode, walk
from bot.manifests.refusals import unreadable

_LANGUAGES = {
    ".jsonnet": "Jsonnet", ".libsonnet": "Jsonnet", ".cue": "CUE", ".hcl": "HCL", ".tf": "HCL", ".tfvars": "HCL",
    ".tpl": "a template", ".tmpl": "a template", ".gotmpl": "a Go template", ".j2": "a Jinja template",
    ".jinja": "a Jinja template", ".jinja2": "a Jinja template", ".erb": "an ERB template", ".dhall": "Dhall",
    ".star": "Starlark", ".kcl": "KCL", ".pkl": "Pkl", ".nix": "Nix",
}  # fmt: skip
_CONTROL = r"\{\{-|-\}\}|\{%|\{\{\s*(?:if|else|end|range|with|define|include|template|block|toYaml|tpl)\b"
_HELM = r"\{\{[^{}]{0,200}?[.$](?:Values|Release|Chart|Capabilities|Files|Template)\b"
_IN_COMMENT = re.compile(rf"{_CONTROL}|(?:^|\s)#@(?=[\s/!]|$)", re.MULTILINE)
_IN_PLAIN = re.compile(rf"{_CONTROL}|{_HELM}")
_IN_QUOTED = re.compile(_HELM)
_PLACEHOLDER = re.compile(r"\{\{|\{%|\$?\{[A-Za-z_][\w.-]*\}|\$\([A-Za-z_][\w.-]*\)")
_BROKEN_PLACEHOLDER = re.compile(r"(?m)^[^#\n]{0,500}?[:\-][ \t]+\{[A-Za-z_][\w.-]*\}")


def refuse_language(file: str) -> None:
    """Raises Refused for a file whose name says that it is a program or a template."""
    language = _LANGUAGES.get(PurePosixPath(file).suffix.lower())
    if language:
        raise unreadable(file, f"is {language}, not data", "Declare the version in a YAML file that it reads.")


def refuse_broken_template(file: str, text: str) -> None:
    """Raises Refused for text that is no YAML because it is a template."""
    if "{{" in text or "{%" in text:
        raise template(file, "it holds {{ }} or {% %}")
    hit = _BROKEN_PLACEHOLDER.search(text)
    if hit:
        raise template(file, f"line {text.count(chr(10), 0, hit.end()) + 1} holds a {{placeholder}}")


def may_be_template(text: str) -> bool:
    """Whether the text holds a mark of templates at all. To be asked once for a text, not for each document of it."""
    return "{{" in text or "{%" in text or "#@" in text


def refuse_template(file: str, text: str, document: Document) -> None:
    """Raises Refused when the document, of a text that may be a template, is one that happens to be YAML.

    `{{` in the quotes of someone else's argument is legal, and so is ApplicationSet's `{{name}}`; control structures
    hidden in comments, Helm's objects, and braces that YAML took for mappings are not.
    """
    place = document.start
    for node in _leaves(file, document.root):
        _refuse_hit(file, _IN_COMMENT, text[place : node.start])
        if node.style not in ("|", ">"):
            _refuse_hit(file, _IN_QUOTED if node.style else _IN_PLAIN, node.value)
        place = max(place, node.end)
    _refuse_hit(file, _IN_COMMENT, text[place : document.end])


def _leaves(file: str, root: Node) -> Iterable[ScalarNode]:
    for node in walk(root):
        if isinstance(node, MappingNode) and any(isinstance(key, MappingNode) for key, _ in node.items):
            raise template(file, f"line {node.line} holds {{{{ }}}}, which YAML takes for a mapping")
        if isinstance(node, ScalarNode):
            yield node


def _refuse_hit(file: str, pattern: re.Pattern[str], text: str) -> None:
    hit = pattern.search(text)
    if hit:
        raise template(file, f"it holds {hit[0].strip()!r}")


def refuse_placeholder(file: str, at: str, value: str) -> None:
    """Raises Refused when the bound value itself is to be filled in by another tool."""
    hit = _PLACEHOLDER.search(value)
    if hit:
        raise template(file, f"{at} holds {hit[0]!r}, which another tool fills in")


def template(file: str, what: str) -> Exception:
    """The refusal of a template."""
    return unreadable(file, f"is a template ({what}), not data", "Bind the file that its values come from.")
