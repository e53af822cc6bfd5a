"""MLflow's own server as a process: its Flask app, which has the webhooks, on a free port of the loopback.

``python -m tests.support.mlflow_serving`` prints the port. The store is named by the variables by which MLflow's own
command line tells its workers: see ``environment`` of ``tests.support.mlflow_server``.
"""

from __future__ import annotations


def main() -> None:
    """Serve until the process ends."""
    from mlflow.server import app  # after the environment is set: it reads it at import
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
