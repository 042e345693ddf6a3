.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test lint fmt

help:
	@echo "make run    migrate, collect static files and serve on HOST:PORT"
	@echo "make test   every check and every test"
	@echo "make lint   style, types, imports"
	@echo "make fmt    format the Python code"

# Production packages alone; tests/requirements.txt includes them.
.venv/run.done: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.done: requirements.txt tests/requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch .venv/run.done $@
