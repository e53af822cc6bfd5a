"""JSON, strictly: only the bound value's bytes change, and what is no JSON is refused."""

from __future__ import annotations

import pytest

from bot.domain.change import Scalar
from bot.domain.policy import Binding
from bot.domain.policy.nodes import MAX_DEPTH
from bot.errors import Reason, Refused
from bot.manifests.json_format import JsonFile
from bot.manifests.refusals import Absent

FILE = "pipelines/m.json"


def leaf(content: bytes, at: str = "tag") -> Scalar:
    return JsonFile(FILE, content).leaf(Binding(FILE, None, at, "{version}", format="json")).scalar


def edit(text: str | bytes, new: str, at: str = "tag") -> str:
    content = text.encode() if isinstance(text, str) else text
    file = JsonFile(FILE, content)
    bound = file.leaf(Binding(FILE, None, at, "{version}", format="json"))
    after = file.edited({bound.at: new})
    assert leaf(after.content, at) == after.scalars[bound.at]
    assert after.scalars[bound.at].text == new
    return after.content.decode()


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ('{"tag": "v1"}', "v2", '{"tag": "v2"}'),
        ('{"tag": "41"}', "42", '{"tag": "42"}'),
        ('{"tag":41}', "42", '{"tag":42}'),
        ('{"tag":41}', "1.5", '{"tag":1.5}'),
        ('{"tag":1.9}', "1.10", '{"tag":"1.10"}'),
        ('{"tag":1e3}', "7", '{"tag":7}'),
        ('{"tag":-4}', "v2", '{"tag":"v2"}'),
        ('{"tag":true}', "42", '{"tag":"42"}'),
        ('{"tag":"x"}', 'é"\\/\t', '{"tag":"é\\"\\\\/\\t"}'),
        ('{"tag":"\\u00e9\\n"}', "é", '{"tag":"é"}'),
        ('{"tag":"\\ud83d\\ude00", "é": "😀"}', "v2", '{"tag":"v2", "é": "😀"}'),
        ('\ufeff{\r\n\t"tag" : "v1" ,\r\n"b":[]\r\n}\r\n', "v2", '\ufeff{\r\n\t"tag" : "v2" ,\r\n"b":[]\r\n}\r\n'),
        ('\n\n{"a": {"tag": "v1"}, "tag": "v1"}\n\n', "v2", '\n\n{"a": {"tag": "v1"}, "tag": "v2"}\n\n'),
    ],
)
def test_one_value(before: str, new: str, after: str) -> None:
    assert edit(before, new) == after


@pytest.mark.parametrize(
    ("value", "type_"),
    [('"1"', "str"), ("1", "int"), ("-0", "int"), ("1.0", "float"), ("1E2", "float"), ("true", "bool")],
)
def test_types(value: str, type_: str) -> None:
    assert leaf(f'{{"tag": {value}}}'.encode()) == Scalar(type_, value.strip('"'))


def test_places() -> None:
    text = b'[\n{"name": "a", "tag": 1},\n{"name": "b",\n "tag": 2}]'
    bound = JsonFile(FILE, text).leaf(Binding(FILE, None, "[name=b].tag", "{version}", format="json"))
    assert (bound.line, bound.scalar.text) == (4, "2")
    assert edit(text, "3", "[1].tag") == text.decode().replace("2}", "3}")


@pytest.mark.parametrize("text", ['{"tag": null}', "{}", '{"tags": 1}', '[{"tag": 1}, null]'])
def test_absent(text: str) -> None:
    at = "[1].tag" if text.startswith("[") else "tag"
    with pytest.raises(Absent):
        leaf(text.encode(), at)


def test_null_can_be_given_a_value() -> None:
    file = JsonFile(FILE, b'{"tag": null }')
    with pytest.raises(Absent):
        file.leaf(Binding(FILE, None, "tag", "{version}", format="json"))
    assert file.edited({"tag": "42"}).content == b'{"tag": "42" }'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *[(text, "line 1: not JSON") for text in ("", "[", '{"tag": 1', '{"tag": 1,}', "[1,]", '{"tag" 1}', "[1 2]")],
        *[
            (text, "line 1: not JSON")
            for text in ("{tag: 1}", "{'tag': 1}", '{"tag": NaN}', '{"tag": 01}', '{"tag": .5}')
        ],
        *[(text, "line 1: not JSON") for text in ('{"tag": +1}', '{"tag": "\t"}', '{"tag": "\\x"}', '{"tag": "\\ud"}')],
        *[
            (text, "line 1: not JSON")
            for text in ('{"tag": 1} {}', '{"tag": 1 // x\n}', '{"tag": "x}', "-", '{"tag": ١}')
        ],
        ('{\n"a": 1,\n"tag": tru}', "line 3: not JSON: expected a value"),
        ('{"tag": 1, "b": 2, "b": 3}', "the key 'b' is repeated in line 1"),
        ('{"tag": "\\ud800"}', "half of a character"),
        ('{"tag": "{{ .Values.x }}"}', "is a template"),
        ('{"tag": {{ x }} }', "is a template"),
        ('{"tag": {"a": 1}}', "selects a mapping"),
        ('{"tag": []}', "selects a list"),
        ("[" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} levels deep"),
        ('{"a":' * 100_000, f"nested more than {MAX_DEPTH} levels deep"),
        ("[" + "1," * 400_000 + "1]", "too many values"),
        ('"' + "x" * 10_000_000 + '"', "at most 4194304 are read"),
        (b"\xff", "is not UTF-8"),
        ("[1]", "tag selects 0 values, expected 1; tag is not there"),
    ],
)
def test_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(Refused) as caught:
        leaf(text.encode() if isinstance(text, str) else text)
    assert caught.value.reason is Reason.TARGET_UNREADABLE
    assert message in caught.value.message
