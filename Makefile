.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Processes that pytest runs side by side: much of their time they wait for servers.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
# Browsers side by side, each with a server of its own.
BROWSERS ?= 2
# How often each server is measured.
RUNS ?= 5
PYTEST := $(BIN)/python -m pytest -q
heading = @printf '\n== %s ==\n' '$(1)'
# What `check --deploy` looks at: a Parley behind a proxy that speaks https.
DEPLOYED := ALLOWED_HOSTS=chat.example.org TRUSTED_ORIGINS=https://chat.example.org TRUSTED_PROXIES=127.0.0.1

SCREENS ?=

.PHONY: screenshots help run test lint fmt test-sqlite test-postgresql test-browser test-torture test-js test-clients test-outside test-static check documents emoji bench cluster torture torture-short

help:
	@echo 'make run    migrate, collect static files and serve on HOST:PORT'
	@echo 'make test   every check and every test'
	@echo 'make lint   style, types, imports'
	@echo 'make fmt    format the Python code'
	@echo 'make documents  docs/api, from the code'
	@echo 'make emoji      static/emoji/en.json, from emojibase-data'
	@echo 'make bench  every benchmark; bench-NAME one of them'
	@echo 'make screenshots     every page and state, into docs/screens; SCREENS="room search-found" some of them'
	@echo 'make cluster         three nodes, PostgreSQL, Redis and nginx on this machine, until Ctrl-C'
	@echo 'make torture         everything that can break, for hours; torture-short each of it once'

run: .venv/run.done
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@exec $(BIN)/python manage.py serve

screenshots: .venv/dev.done
	@$(BIN)/python -m tests.support.system
	@$(BIN)/python -m tests.screens $(SCREENS)

# Everything ------------------------------------------------------------------------------------

test: .venv/dev.done
	$(call heading,Servers and browser)
	@$(BIN)/python -m tests.support.system
	@failed=0; \
	$(MAKE) --no-print-directory --keep-going --jobs 2 --output-sync=target test-static test-sqlite || failed=1; \
	$(MAKE) --no-print-directory test-postgresql || failed=1; \
	$(MAKE) --no-print-directory --keep-going --jobs 2 --output-sync=target test-torture test-outside || failed=1; \
	exit $$failed

# Beside the tests on SQLite: most of it is one process that thinks.
test-static:
	@failed=0; for each in lint check test-js; do $(MAKE) --no-print-directory $$each || failed=1; done; exit $$failed

# Beside the torture, which has bounds on time and goes first; one after the other.
test-outside:
	@failed=0; for each in test-browser test-clients; do $(MAKE) --no-print-directory $$each || failed=1; done; exit $$failed

lint: .venv/dev.done
	$(call heading,Style)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	$(call heading,Types)
	@$(BIN)/mypy
	$(call heading,Imports)
	@$(BIN)/lint-imports --no-logo

fmt: .venv/dev.done
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

check: .venv/dev.done
	$(call heading,Django)
	@$(BIN)/python manage.py check --fail-level WARNING
	@$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

# Some tests have stores of their own, whatever the run has, or none, such as those of what is on the wire: they run once,
# in one stage or the other.
# Pages are asked on PostgreSQL, which is the stricter one; browsers see them on SQLite. What knows no
# database, or the same of each (servers and their settings, archives that are broken, a bucket, what is sent elsewhere,
# what strangers try), runs once.
STORELESS := benchmarks project protocol/test_emoji.py \
	management/test_import_slack_broken.py management/test_import_slack_bad_files.py \
	operations/previews/test_pages.py operations/previews/test_zoo.py operations/search/test_words.py \
	api/uploads/test_s3.py \
	operations/test_guard.py operations/test_mrkdwn.py operations/test_slack_payload.py

ONCE_ON_POSTGRESQL := admin web deploy realtime/attempts hooks/test_sending.py pushing/test_push.py

test-sqlite: .venv/dev.done
	$(call heading,Tests on SQLite and the in-memory layer)
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n $(JOBS) --ignore tests/browser --ignore tests/torture \
		$(addprefix --ignore tests/,$(ONCE_ON_POSTGRESQL))

test-postgresql: .venv/dev.done
	$(call heading,Tests on PostgreSQL and Redis)
	@$(BIN)/python -m tests.support.with_servers -- $(PYTEST) -n $(JOBS) --ignore tests/browser \
		$(addprefix --ignore tests/,$(STORELESS)) --ignore-glob 'tests/operations/test_rendering*.py'

test-browser: .venv/dev.done
	$(call heading,Tests in a browser)
	@env -u DATABASE_URL -u REDIS_URL nice $(PYTEST) -n $(BROWSERS) tests/browser

test-torture: .venv/dev.done
	$(call heading,Torture in short)
	@$(BIN)/python -m tests.torture --short --per-second 3 --output var/reliability

test-js:
	$(call heading,Tests of the browser client without a browser)
	@if command -v node >/dev/null; then node --test $$(find tests/js -name '*.test.js' -o -name '*.test.mjs'); \
	elif [ "$$CI" = true ]; then echo 'node is not installed' >&2; exit 1; \
	else echo 'SKIPPED the tests in tests/js: node is not installed'; fi

test-clients: .venv/dev.done clients/examples/node/node_modules/.package-lock.json
	$(call heading,Tests of the clients and their examples)
	@env -u DATABASE_URL -u REDIS_URL nice $(PYTEST) -n $(JOBS) clients/python/tests

# The documents of the API that are kept in docs/api; a test tells when they are of yesterday.
documents: .venv/run.done
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file docs/api/openapi.json
	@$(BIN)/python manage.py asyncapi > docs/api/asyncapi.json

# What Parley knows of emoji, from the npm package that has it.
emoji: .venv/run.done
	@folder=$$(mktemp -d); cd $$folder && npm pack --silent emojibase-data@17.0.0 >/dev/null && tar xzf *.tgz && cd - >/dev/null \
	&& $(BIN)/python manage.py emoji_data $$folder/package; rm -r $$folder

# Speed -----------------------------------------------------------------------------------------

bench: .venv/bench.done
	@$(BIN)/python -m benchmarks --runs $(RUNS)

bench-%: .venv/bench.done
	@$(BIN)/python -m benchmarks --runs $(RUNS) $*

# Many nodes ------------------------------------------------------------------------------------

cluster: .venv/dev.done
	@exec $(BIN)/python -m deploy.cluster

torture: .venv/dev.done
	@$(BIN)/python -m tests.torture

torture-short: .venv/dev.done
	@$(BIN)/python -m tests.torture --short

# Set-up ----------------------------------------------------------------------------------------

.venv/run.done: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# tests/requirements.txt holds those of production as well.
.venv/dev.done: requirements.txt tests/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch .venv/run.done $@

# What the example for Node needs before Node 22; its tests say so where it is missing.
clients/examples/node/node_modules/.package-lock.json: clients/examples/node/package-lock.json
	@if command -v npm >/dev/null; then \
	cd $(@D)/.. && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json; fi

# benchmarks/requirements.txt holds those of production as well.
.venv/bench.done: requirements.txt benchmarks/requirements.txt benchmarks/peers/package.json \
		benchmarks/peers/package-lock.json | .venv/run.done
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@$(BIN)/python -m benchmarks.servers.system
	@if command -v npm >/dev/null; then cd benchmarks/peers && npm ci --silent --ignore-scripts --no-audit --no-fund; \
	else echo 'npm is not installed, so that ws and Socket.IO are left out'; fi
	@touch $@
