# Needs git, make and a Python of 3.12 or newer (with pip, as Python brings it). `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# What is started here starts many processes, and each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SCHEMAS := tests/complete/node_modules/.ready
SYSTEM := $(VENV)/.system
# Tests side by side, two for a core since many wait for processes: `make test JOBS=4`, or JOBS=0 for one process, as a
# debugger wants it.
JOBS ?= $(shell expr 2 '*' "$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)")
PYTEST = $(BIN)/python -m pytest -q -n $(JOBS)
# The first of these that really runs and is new enough; a shim of pyenv may be there and not run.
PYTHONS := python3.13 python3.14 python3.12 python3 python
NEW_ENOUGH := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))

.PHONY: help install demo test test-all lint format types docs docs-check docs-demo benchmark lock clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf '  make %-12s %s\n' "$$target" "$$text"; done

install: $(READY) ## the virtual environment in .venv, from requirements.lock

$(READY): requirements.lock pyproject.toml .python-version
	@found=; for python in $(PYTHONS); do \
	  if "$$python" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "selfmod needs Python 3.12 or newer with its venv module, and none of $(PYTHONS) is one. Install it (Debian: apt-get install python3 python3-venv; or: pyenv install 3.13)." >&2; exit 2; \
	fi; \
	echo "setting up $(VENV) with $$("$$found" --version)"; \
	rm -rf $(VENV); \
	"$$found" -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## the whole line on an embedded GitHub, with pages to look at; ends by itself without a terminal
	@$(BIN)/selfmod demo

test: $(READY) ## the tests that need no system package, without the longest
	@$(PYTEST) -m 'not complete and not benchmark'
	@left=$$(git grep -lE 'pytest\.mark\.(complete|benchmark)' -- 'tests/**/test_*.py' 'tests/test_*.py' | paste -sd' ' | sed 's/ /, /g' || true); \
	echo "left out: $${left:-nothing} (marked complete: make test-all; marked benchmark: make benchmark)"

test-all: $(READY) $(SCHEMAS) $(SYSTEM) ## every test with branch coverage; installs what some need: npm, PostgreSQL, chromium
	@rm -f .coverage .coverage.*
	@# the tests start programs in other folders: all write their figures here
	@COVERAGE_FILE="$$PWD/.coverage" $(BIN)/coverage run -m pytest -q -n $(JOBS) -m 'not benchmark'
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

$(SCHEMAS): tests/complete/package-lock.json
	@if ! command -v npm >/dev/null; then \
	  if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	    echo "make test-all needs npm, which is not installed. Install it (Debian: apt-get install npm), or run make test." >&2; exit 2; \
	  fi; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm >/dev/null; \
	fi
	@npm ci --silent --prefix tests/complete
	@touch $@

# The tests start a PostgreSQL of their own, with these binaries and as an ordinary user.
$(SYSTEM): $(READY)
	@missing=; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromedriver >/dev/null || missing="$$missing chromium-driver"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	    echo "make test-all needs packages that are not installed. Install them (Debian: apt-get install $$missing), or run make test." >&2; exit 2; \
	  fi; \
	  echo "installing $$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	fi
	@touch $@

lint: $(READY) ## ruff: format and rules, changes nothing
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .

format: $(READY) ## ruff: formats, and applies its safe fixes
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

docs: $(READY) ## writes the generated documentation
	@$(BIN)/python -m app.cli.documentation.reference

docs-demo: $(READY) $(SYSTEM) ## writes the transcript and the pictures of docs/demo.md from a demonstration
	@$(BIN)/python -m tests.complete.shown

docs-check: $(READY) ## fails where the generated documentation differs from the code
	@$(BIN)/python -m app.cli.documentation.reference --check

benchmark: $(READY) ## time and memory beside bandit and ruff on real packages
	@$(BIN)/python -m pytest -q -s -m benchmark tests/benchmarks

lock: $(READY) ## compiles requirements.lock anew; UPGRADE=1 takes the newest versions
	@command -v uv >/dev/null || $(BIN)/python -m pip install -qq --disable-pip-version-check uv
	@PATH="$$PWD/$(BIN):$$PATH" uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --extra dev \
	  --no-header $(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml
	@# what the Action installs: the same versions without the tools of development
	@PATH="$$PWD/$(BIN):$$PATH" uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --extra build \
	  --no-header --constraint requirements.lock --output-file app/action/requirements.lock pyproject.toml
	@# what it installs where it answers comments and opens pull requests: those and what talks to GitHub
	@PATH="$$PWD/$(BIN):$$PATH" uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --extra forge \
	  --extra build --no-header --constraint requirements.lock --output-file app/action/answering/requirements.lock pyproject.toml
	@# what the image installs: those and the server's libraries
	@PATH="$$PWD/$(BIN):$$PATH" uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --extra server \
	  --extra build --no-header --constraint requirements.lock --output-file app/cli/serving/requirements.lock pyproject.toml

clean: ## removes .venv, caches and reports
	@rm -rf $(VENV) .coverage .coverage.* coverage.xml .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist \
	  tests/complete/node_modules .packages
	@find app checks tests -name __pycache__ -prune -exec rm -rf {} +
