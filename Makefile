# Everything runs from a virtual environment in .venv that is made from the lock file; nothing else is touched.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header pyproject.toml
PAGE := bot/sandbox/page/frontend

.PHONY: demo test test-fast check bench lock page clean help

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "SlackOps needs Python 3.11 or newer: set PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: $(STAMP)  ## the whole bot with a sandbox around it: one page in the browser, no account needed
	@$(BIN)/slackops demo $(ARGS)

test: $(STAMP)  ## every test, headless Chromium included
	@$(BIN)/python -m tests.support.browser
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 5 --dist loadgroup $(ARGS)

check: $(STAMP)  ## format, lint, types, import rule
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(STAMP)  ## every benchmark: ratios against a yardstick measured in the same run
	@for b in ack promote fleet history reconcile drift idle; do $(BIN)/python -m bench.$$b || exit 1; done

lock: $(STAMP)  ## resolve the dependencies anew
	@$(BIN)/python -m pip install --quiet uv
	@$(COMPILE) --extra dev --extra build -o requirements.lock
	@$(COMPILE) --extra charts --extra drift --extra postgres --extra build -c requirements.lock -o requirements-run.lock

page:  ## build the sandbox page's bundle again (needs Node 20)
	@npm --prefix $(PAGE) ci && npm --prefix $(PAGE) run build

clean:  ## remove the virtual environment and the demo's data
	rm -rf $(VENV) .slackops
