# Everything a person types. Each target is idempotent and quick when nothing has changed; no network once installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test journeys test-all lint bench demo status
.DELETE_ON_ERROR:

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.installed
	@exec $(BIN)/tradehall up

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 -m "not slow"

journeys: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/journeys

test-all: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2
	$(BIN)/python -m pytest tests/journeys

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/.installed
	$(BIN)/tradehall bench all

demo: $(VENV)/.installed
	$(BIN)/tradehall demo

status: $(BIN)/python
	@$(BIN)/python tests/house/status.py
