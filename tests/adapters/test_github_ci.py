"""CI out of GitHub's answers: states, which run is the newest, why it failed, and how it runs again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.github import GitHubCi, TokenCredentials
from bot.adapters.github.ci_excerpt import CHARS, LINES, from_annotations, from_log, shortened
from bot.adapters.github.ci_logs import JobLogs
from bot.domain.ci import CiRun, CiState
from bot.errors import ForgeUnavailable
from tests.adapters.test_github import Script, script

__all__ = ["script"]

SHA = "a" * 40
RUN = CiRun("unit", CiState.FAILURE, 1.0, rerun="run:77", source="5/9")


def check(name: str, conclusion: str | None, ident: int = 1, at: str = "2026-01-01T00:00:00Z", **more: Any) -> Any:
    ended = {"status": "completed", "completed_at": at} if conclusion else {"status": "in_progress", "started_at": at}
    return {"id": ident, "name": name, "conclusion": conclusion, "html_url": "https://x", "output": {}, **ended, **more}


def ci(script: Script, log: str | int = "") -> GitHubCi:
    def serve(request: httpx.Request) -> httpx.Response:
        script.asked.append(("LOG", request.url.path, dict(request.headers), None))
        return httpx.Response(log) if isinstance(log, int) else httpx.Response(200, text=log)

    credentials = TokenCredentials("ghp_secret")
    logs = JobLogs(script.url, credentials, httpx.Client(transport=httpx.MockTransport(serve)))
    return GitHubCi(credentials, script.url, logs=logs)


def answers(script: Script, *runs: Any, statuses: tuple[Any, ...] = ()) -> None:
    script.replies = [(200, {}, {"statuses": list(statuses)}), (200, {}, {"check_runs": list(runs)})]


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        ("success", "success"),
        ("neutral", "success"),
        ("failure", "failure"),
        ("timed_out", "failure"),
        ("startup_failure", "failure"),
        ("cancelled", "skipped"),
        ("skipped", "skipped"),
        ("stale", "skipped"),
        ("something new", "skipped"),
        ("action_required", "pending"),
        (None, "pending"),
    ],
)
def test_states_of_check_runs(script: Script, conclusion: str | None, state: str) -> None:
    answers(script, check("unit", conclusion))
    assert [run.state for run in ci(script).runs("a/b", SHA)] == [CiState(state)]


def test_the_newest_of_each_name_and_none_of_our_own(script: Script) -> None:
    statuses = tuple(
        {"context": name, "state": state, "updated_at": "2026-01-01T00:00:00Z", "description": None, "target_url": None}
        for name, state in (("slackops/gates", "failure"), ("ci/old", "error"), ("ci/wait", "pending"))
    )
    old, new = check("unit", "failure", 9), check("unit", "success", 2, "2026-01-01T00:00:05Z")
    answers(script, old, new, statuses=statuses)
    found = {run.gate: run.state.value for run in ci(script).runs("a/b", SHA)}
    assert found == {"unit": "success", "ci/old": "failure", "ci/wait": "pending"}


def test_what_runs_again_together_has_one_name(script: Script) -> None:
    details = "https://github.com/a/b/actions/runs/77/job/9"
    action = check("unit", "failure", 5, details_url=details, app={"slug": "github-actions"})
    answers(script, action, check("other", "failure", 6, details_url=details, app={"slug": "octo"}))
    found = {run.gate: (run.rerun, run.source) for run in ci(script).runs("a/b", SHA)}
    assert found == {"unit": ("run:77", "5/9"), "other": ("check:6", "6")}


@pytest.mark.parametrize("status", [403, 404, 422])
def test_what_the_bot_may_not_see_has_no_ci(script: Script, status: int) -> None:
    script.replies = [(status, {}, {"message": "Not Found"})] * 4
    made = ci(script)
    assert made.runs("a/b", SHA) == []
    assert made.default_branch("a/b") is None
    assert made.head("a/b", "main") is None


def test_an_outage_is_none_of_these(script: Script) -> None:
    script.replies = [(502, {}, {"message": "Bad gateway"})]
    with pytest.raises(ForgeUnavailable):
        ci(script).runs("a/b", SHA)


def test_the_head_of_the_default_branch(script: Script) -> None:
    script.replies = [(200, {}, {"default_branch": "a/main"}), (200, {}, {"object": {"sha": SHA}})]
    made = ci(script)
    assert made.head("a/b", made.default_branch("a/b") or "") == SHA
    assert script.asked[-1][1] == "/repos/a/b/git/ref/heads/a/main"


@pytest.mark.parametrize(("status", "may"), [(201, True), (403, False), (404, False)])
@pytest.mark.parametrize(
    ("rerun", "path"), [("run:77", "actions/runs/77/rerun-failed-jobs"), ("check:5", "check-runs/5/rerequest")]
)
def test_running_again(script: Script, rerun: str, path: str, status: int, *, may: bool) -> None:
    script.replies = [(status, {}, {})]
    assert ci(script).rerun("a/b", CiRun("unit", CiState.FAILURE, 1.0, rerun=rerun)) is may
    assert script.asked[0][:2] == ("POST", f"/repos/a/b/{path}")


@pytest.mark.parametrize("rerun", ["", "status:1", "run:../x"])
def test_what_cannot_run_again_asks_for_nothing(script: Script, rerun: str) -> None:
    assert ci(script).rerun("a/b", CiRun("unit", CiState.FAILURE, 1.0, rerun=rerun)) is False
    assert script.asked == []


def note(message: str, level: str = "failure", path: str = "tests/x.py", line: int = 3) -> dict[str, Any]:
    return {"path": path, "start_line": line, "annotation_level": level, "message": message}


HOLLOW = note("Process completed with exit code 1.", path=".github")


@pytest.mark.parametrize(
    ("annotations", "summary", "log", "said"),
    [
        ([note("broken"), HOLLOW], "", "no", "tests/x.py:3 broken"),
        ([note("loose", "warning"), note("broken")], "", "no", "tests/x.py:3 broken"),
        ([HOLLOW], "3 tests failed", "no", "3 tests failed"),
        ([HOLLOW], "", "2026-01-01T00:00:00.1Z a\n2026-01-01T00:00:00.2Z \x1b[31mb\x1b[0m\n", "a\nb"),
        ([HOLLOW], "", "x\n##[error]Boom\n##[error]Process completed with exit code 1.\n", "Boom"),
        ([HOLLOW], "", "1\n2\n3\n4\n##[error]Process completed with exit code 1.\nPost job cleanup.\n", "2\n3\n4"),
        ([HOLLOW], "", 404, ""),
    ],
    ids=["annotation", "failures first", "summary", "log", "marked error", "before the end", "no log"],
)
def test_why_it_failed(script: Script, annotations: list[Any], summary: str, log: str | int, said: str) -> None:
    script.replies = [(200, {}, annotations)]
    run = CiRun("unit", CiState.FAILURE, 1.0, summary=summary, source=RUN.source)
    assert ci(script, log).excerpt("a/b", run) == said


def test_a_status_says_nothing_more(script: Script) -> None:
    assert ci(script).excerpt("a/b", CiRun("ci/old", CiState.FAILURE, 1.0, summary="x")) == ""
    assert script.asked == []


def test_the_token_goes_to_no_other_host() -> None:
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.host == "api.example":
            return httpx.Response(302, headers={"location": "https://blob.example/log"})
        return httpx.Response(200, text="the end")

    logs = JobLogs("https://api.example", TokenCredentials("t"), httpx.Client(transport=httpx.MockTransport(serve)))
    assert logs.tail("a/b", "9") == "the end"
    assert [request.headers.get("authorization") for request in asked] == ["Bearer t", None]


@pytest.mark.parametrize(
    "text",
    [
        "token ghp_0123456789abcdefghij",
        "https://user:hunter2hunter2@host/x",
        "Authorization: Bearer abcdef123456",
        "AKIAIOSFODNN7EXAMPLE",
        "password=correcthorse",
        "xoxb-12345-abcdef",
        "hf_abcdefabcdefabcdefabcdef",
        "dapi0123456789abcdef0123456789abcdef",
        "MLFLOW_TRACKING_PASSWORD: correcthorse",
        '{"api_key": "correcthorse"}',
    ],
)
def test_what_looks_like_a_credential_is_taken_out(text: str) -> None:
    said = shortened(text)
    assert "***" in said
    for secret in ("ghp_0123456789", "hunter2", "abcdef", "IOSFODNN7", "correcthorse"):
        assert secret not in said


@given(st.text(max_size=3000))
def test_no_excerpt_is_longer_than_it_may_be(text: str) -> None:
    for said in (shortened(text), from_log(text), from_annotations([note(text)] * 5)):
        assert len(said) <= CHARS
        assert said.count("\n") < LINES


@pytest.mark.parametrize("found", [None, {}, "x", [None, 7, {}, {"message": None}]])
def test_odd_annotations_say_nothing(found: object) -> None:
    assert from_annotations(found) == ""


def test_what_a_check_says_of_itself_holds_no_credential(script: Script) -> None:
    secret = "ghp_" + "a" * 36
    said = check("unit", "failure", output={"title": f"push with {secret} failed"})
    status = {"context": "ci", "state": "failure", "updated_at": "2026-01-01T00:00:00Z", "target_url": None}
    answers(script, said, statuses=({**status, "description": f"https://ana:{secret}@github.com refused"},))
    words = [run.summary for run in ci(script).runs("a/b", SHA)]
    assert words == ["https://***@github.com refused", "push with *** failed"]


def suite(conclusion: str | None, jobs: int, at: str = "2026-01-01T00:00:00Z", slug: str = "github-actions") -> Any:
    status = "completed" if conclusion else "queued"
    shown = {"status": status, "conclusion": conclusion, "latest_check_runs_count": jobs, "updated_at": at}
    return {**shown, "app": {"slug": slug}}


@pytest.mark.parametrize(
    ("suites", "state"),
    [
        ([], None),
        ([suite(None, 0)], None),
        ([suite("success", 0)], None),
        ([suite("failure", 3)], "success"),
        ([suite("failure", 0)], "failure"),
        ([suite("startup_failure", 0), suite("success", 2)], "failure"),
        ([suite("success", 2), suite(None, 0)], "success"),
        ([suite("failure", 0, slug="octo")], None),
    ],
    ids=["none", "waits", "empty", "jobs fail", "no job", "one of two", "one waits", "another App"],
)
def test_a_workflow_that_cannot_start_has_no_check_run_and_is_told(
    script: Script, suites: list[Any], state: str | None
) -> None:
    answers(script)
    script.replies.append((200, {}, {"check_suites": suites}))
    found = [(run.gate, run.state.value) for run in ci(script).runs("a/b", SHA)]
    assert found == ([] if state is None else [("GitHub Actions (workflow starts)", state)])
