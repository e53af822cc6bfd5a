"""Value templates at work: what they make, what they refuse to make, and what they read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy.model import Declared
from bot.errors import Reason, Refused
from bot.manifests.values import fill, is_range, read_back

DIGEST = Declared("digest", "sha256:[0-9a-f]{64}", "registry.tags.image_digest")
BUILD = Declared("build", "[0-9a-f]{7,40}", "registry.tags.image_build")
OWN = (DIGEST, BUILD)
GIVEN = {"model": "fraud (eu)", "environment": "prod"}
SHA = "sha256:" + "0af9" * 16


@pytest.mark.parametrize(
    ("template", "variables", "value"),
    [
        ("{version}", {"version": "v5"}, "v5"),
        ("v{version}", {"version": "5"}, "v5"),
        ("{version}", {"version": "1.0"}, "1.0"),
        ("{version}", {"version": "104.1.1+up57.0.4"}, "104.1.1+up57.0.4"),
        (
            "{version}",
            {"version": "3a7f0c1de2b4a5968778695a4b3c2d1e0f9a8b7c"},
            "3a7f0c1de2b4a5968778695a4b3c2d1e0f9a8b7c",
        ),
        ("s3://{environment}/{model}/{version}", {"version": "7"}, "s3://prod/fraud (eu)/7"),
        ("{version}/{model}/{version}", {"version": "7"}, "7/fraud (eu)/7"),
        (
            "s3://b/{experiment_id}/models/{model_id}/a",
            {"experiment_id": "1", "model_id": "m-2f"},
            "s3://b/1/models/m-2f/a",
        ),
        ("repo:{version}@{digest}", {"version": "v5", "digest": SHA}, f"repo:v5@{SHA}"),
        ("repo@{digest}", {"digest": SHA}, f"repo@{SHA}"),
        ("{build}-{version}", {"build": "0123abc", "version": "1.0-rc1"}, "0123abc-1.0-rc1"),
        ("{build}/{build}", {"build": "0123abc"}, "0123abc/0123abc"),
        ("{model}:{build}.{environment}", {"build": "0123abc"}, "fraud (eu):0123abc.prod"),
        ("{tags.image.build}", {"tags.image.build": "b-7"}, "b-7"),
    ],
)
def test_there_and_back(template: str, variables: dict[str, str], value: str) -> None:
    assert fill(template, {**variables, **GIVEN}, OWN) == value
    assert read_back(template, value, GIVEN, OWN) == variables


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{version}", ""),
        ("{version}", "latest"),
        ("{version}", "1.x"),
        ("{version}", ">=1.0.0"),
        ("{version}", "a b"),
        ("{version}", "-1"),
        ("{version}", "٤٢"),
        ("{version}/{version}", "1/2"),
        ("s3://{model}/{version}", "s3://fraud-eu/1"),
        ("repo@{digest}", "repo@sha256:0af9"),
        ("repo@{digest}", f"repo@{SHA}0"),
        ("repo@{digest}", f"repo@{SHA}\n"),
        ("repo:{version}@{digest}", f"repo:latest@{SHA}"),
        ("{build}/{build}", "0123abc/0123abd"),
        ("{build}", "0123ABC"),
        ("{build}", "0123abc\ud800"),
        ("{version}", "1" * 5000),
        ("{build}.{version}", "0123abc" + "." * 5000),
    ],
)
def test_what_no_variables_make(template: str, value: str) -> None:
    assert read_back(template, value, GIVEN, OWN) is None


@pytest.mark.parametrize(
    ("template", "variables", "reason", "named"),
    [
        ("{build}", {"build": "latest"}, Reason.INVALID_NAME, "[0-9a-f]{7,40}"),
        ("{build}", {"build": "0123abc\n"}, Reason.INVALID_NAME, "[0-9a-f]{7,40}"),
        ("{build}", {"build": "0123abc\ud800"}, Reason.INVALID_NAME, "[0-9a-f]{7,40}"),
        ("{version}", {"version": "a/b"}, Reason.INVALID_NAME, "letters, digits"),
        ("{version}", {"version": "1\n"}, Reason.INVALID_NAME, "letters, digits"),
        ("{digest}", {}, Reason.TARGET_UNREADABLE, "Supply digest"),
        ("{bild}", {}, Reason.TARGET_UNREADABLE, "Mend the target"),
    ],
)
def test_what_is_not_written(template: str, variables: dict[str, str], reason: Reason, named: str) -> None:
    with pytest.raises(Refused) as caught:
        fill(template, variables, OWN)
    assert caught.value.reason is reason
    assert named in (caught.value.unblock or "")
    assert caught.value.message.isascii()


def test_without_declared_variables_there_are_none() -> None:
    with pytest.raises(Refused, match="unknown variable"):
        read_back("{build}", "0123abc", GIVEN)


separators = st.sampled_from(["/", "@", "/models:", " "])
names = st.sampled_from(["version", "run_id", "build", "digest", "tags.x"])
samples = {
    "version": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,9}", fullmatch=True),
    "run_id": st.from_regex(r"[a-f0-9]{8}", fullmatch=True),
    "build": st.from_regex(r"[0-9a-f]{7,40}", fullmatch=True),
    "digest": st.just(SHA),
    "tags.x": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,5}", fullmatch=True),
}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(separators, names), min_size=1, max_size=6), st.fixed_dictionaries(samples))
def test_whatever_is_written_reads_back(parts: list[tuple[str, str]], values: dict[str, str]) -> None:
    template = "".join(f"{separator}{{{name}}}" for separator, name in parts)
    value = fill(template, values, OWN)
    wanted = {name: values[name] for _, name in parts}
    if is_range(value) or wanted.get("version") == "latest" or is_range(wanted.get("version", "")):
        return
    assert read_back(template, value, {}, OWN) == wanted
