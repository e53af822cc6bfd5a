"""Training engines on loopback, as small as can be: each speaks its vendor's API as far as the bot uses it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """One request; ``headers`` by lower-case name."""

    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, Any]
NOT_FOUND: Reply = (404, {"message": "Not Found", "detail": "Not Found", "code": 5})


@dataclass
class World:
    """An engine. ``runs`` are its runs by id, in the order in which they began. Set ``loses`` and the next start is
    done but not answered; ``status`` and every request is answered so."""

    url: str = ""
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: list[Request] = field(default_factory=list)
    loses: bool = False
    status: int = 0
    junk: bytes | None = None

    def answer(self, asked: Request) -> Reply | bytes | None:
        """None: no answer at all."""
        self.seen.append(asked)
        if self.status:
            return self.status, {"message": "it says no", "detail": "it says no"}
        if self.junk is not None:
            return self.junk
        before = len(self.runs)
        found = self.route(asked)
        if self.loses and len(self.runs) > before:
            self.loses = False
            return None
        return found

    def route(self, asked: Request) -> Reply:
        raise NotImplementedError

    def ends(self, run: str, good: bool) -> None:
        raise NotImplementedError


class AirflowWorld(World):
    """https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html; ``api`` v1 is Airflow 2."""

    api = "v2"

    def route(self, asked: Request) -> Reply:
        path, runs = asked.path, f"/api/{self.api}/dags/train_fraud/dagRuns"
        if path == "/auth/token" and self.api == "v2":
            fine = asked.json == {"username": "bot", "password": "pw:1"}
            return (201, {"access_token": "jwt"}) if fine else (401, {"detail": "Invalid credentials"})
        if path == "/api/v2/version":
            return (200, {"version": "3.1.0"}) if self.api == "v2" else NOT_FOUND
        if path == runs and asked.verb == "POST":
            return self._begin(asked.json)
        found = self.runs.get(unquote(path.removeprefix(f"{runs}/")))
        return (200, found) if found and path.startswith(f"{runs}/") else NOT_FOUND

    def _begin(self, body: dict[str, Any]) -> Reply:
        if self.api == "v2" and "logical_date" not in body:
            return 422, {"detail": [{"msg": "Field required"}]}
        if body["dag_run_id"] in self.runs:
            return 409, {"detail": "DAGRun already exists"}
        run = {"dag_run_id": body["dag_run_id"], "state": "queued", "conf": body["conf"]}
        return 200, self.runs.setdefault(body["dag_run_id"], run)

    def ends(self, run: str, good: bool) -> None:
        self.runs[run]["state"] = "success" if good else "failed"


class KubeflowWorld(World):
    """https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/"""

    def route(self, asked: Request) -> Reply:
        path = "/apis/v2beta1/runs"
        if asked.path == path and asked.verb == "POST":
            run = f"uuid-{len(self.runs) + 1}"
            return 200, self.runs.setdefault(run, {"run_id": run, "state": "PENDING", **asked.json})
        if asked.path == path:
            [named] = json.loads(asked.query["filter"])["predicates"]
            assert (named["operation"], named["key"]) == ("EQUALS", "display_name")
            return 200, {"runs": [one for one in self.runs.values() if one["display_name"] == named["string_value"]]}
        found = self.runs.get(asked.path.removeprefix(f"{path}/"))
        return (200, found) if found else NOT_FOUND

    def ends(self, run: str, good: bool) -> None:
        self.runs[run] |= {"state": "SUCCEEDED"} if good else {"state": "FAILED", "error": {"message": "OOM"}}


class WebhookWorld(World):
    """A service as the how-to asks for: the same retraining is begun once."""

    silent = False

    def route(self, asked: Request) -> Reply:
        if asked.path == "/train":
            run = f"job-{asked.json['retrain']}"
            one = {"run": run, "state": "running", "url": f"{self.url}/jobs/{run}"}
            status = {} if self.silent else {"status_url": f"{self.url}/jobs/{run}"}
            return 202, self.runs.setdefault(run, one | status)
        found = self.runs.get(asked.path.removeprefix("/jobs/"))
        return (200, found) if found else NOT_FOUND

    def ends(self, run: str, good: bool) -> None:
        self.runs[run] |= {"state": "succeeded", "version": "43"} if good else {"state": "failed", "message": "OOM"}


@contextmanager
def serving(world: World) -> Iterator[World]:
    """The world on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts, length = urlsplit(self.path), int(self.headers.get("Content-Length") or 0)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = world.answer(Request(self.command, parts.path, query, headers, self.rfile.read(length)))
            if found is None:
                self.close_connection = True
                return
            status, body = (200, found) if isinstance(found, bytes) else (found[0], json.dumps(found[1]).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(0 if status == 204 else len(body)))
            self.end_headers()
            self.wfile.write(b"" if status == 204 else body)

        do_GET = do_POST = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
