# Vigie: every task a developer, an operator or CI needs. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
STAMP := $(VENV)/.installed

.PHONY: help setup run test check bench format messages lock screenshots clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## prepare the environment in .venv (seconds when nothing changed)

$(STAMP): requirements/dev.txt bin/setup
	@VENV=$(VENV) PYTHON="$(PYTHON)" bin/setup
	@touch $(STAMP)

run: setup ## database, demo content, static build, server at http://127.0.0.1:$(PORT)
	@PORT=$(PORT) VENV=$(VENV) bin/run

test: setup ## all tests, on SQLite and PostgreSQL, browser included
	@VENV=$(VENV) bin/test

check: setup ## lint, types, contracts, migrations, messages
	@VENV=$(VENV) bin/check

bench: setup ## measure; prints tables, some minutes (never part of the tests)
	@VENV=$(VENV) bin/bench

format: setup ## format Python and templates
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

messages: setup ## bring locale/fr and locale/nl up to date with the source strings, and compile them
	@VENV=$(VENV) bin/messages update

lock: setup ## lock the dependencies again, with hashes
	@VENV=$(VENV) bin/lock

screenshots: setup ## make the pictures of README.md and the editor's guides again
	@$(BIN)/python -m docs.screenshots

clean: ## remove what was built here (database, releases, media, environment)
	rm -rf var node_modules $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
