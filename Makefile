# Everything a person runs. `make` alone lists it.
#
# Nothing but Python 3.11 or newer is needed for run, test and install: no Node, no Docker, no compiler, no server.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --progress-bar off

# The tests' own data, so that they never meet that of a running installation.
TEST_DATA := SELFCARE_DATA_DIR=$(CURDIR)/var/test
FAST := not browser and not services and not postgres
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/selfcare
TEST_REDIS_URL ?= redis://127.0.0.1:6379
# The strictest settings are checked as they are in production.
PRODUCTION := $(TEST_DATA) SITE_URL=https://selfcare.example EMAIL_URL=smtp://localhost REDIS_URL=redis://localhost \
	OPERATOR_EMAIL=operator@selfcare.example DEMONSTRATION=1

.DEFAULT_GOAL := help
.PHONY: help install run demo-code test test-services test-browser test-faults test-mutation lint bench screenshots figures messages clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.runtime ## Make .venv with what the product needs

run: $(VENV)/.runtime ## Start everything on this machine; Ctrl-C stops it (PORT=8001 moves it)
	@exec $(PY) manage.py serve

demo-code: $(VENV)/.runtime ## Show the second-factor code of the demonstration's clinician
	@$(PY) manage.py demo_code

test: $(VENV)/.dev ## Run the fast tests: SQLite, nothing to install
	$(TEST_DATA) $(PY) -m pytest -p tests.own_redis -n auto --maxprocesses 4 -m "$(FAST)"

test-services: $(VENV)/.dev ## Run them on PostgreSQL and Redis, with real processes
	$(TEST_DATA) DATABASE_URL=$(or $(DATABASE_URL),$(TEST_DATABASE_URL)) REDIS_URL=$(or $(REDIS_URL),$(TEST_REDIS_URL)) \
		$(PY) -m pytest -p tests.own_redis -n auto --maxprocesses 4 --dist loadgroup -m "not browser"

test-faults: $(VENV)/.dev ## Kill, cut and restart the real processes
	$(TEST_DATA) $(PY) -m pytest tests/faults -m services

test-browser: $(VENV)/.dev ## Walk the journeys in a real Chromium
	$(TEST_DATA) $(PY) -m pytest -m browser -rs

test-mutation: $(VENV)/.dev ## Break each clinical rule on purpose; a test must notice
	$(TEST_DATA) $(PY) -m tests.triage.mutate

lint: $(VENV)/.dev ## Check style, types, the rooms, the settings, the migrations, the API document
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: $(VENV)/.dev ## Compare the entry API with a bare view and a plain DRF view
	$(TEST_DATA) $(PY) -m tests.bench

pages: $(VENV)/.dev ## Weigh and time the pages a patient opens first, on a slow network
	$(TEST_DATA) $(PY) -m tests.bench.pages

lighthouse: $(VENV)/.dev ## Score them with Lighthouse (needs Node; fetches it)
	$(TEST_DATA) $(PY) -m tests.bench.pages --lighthouse

screenshots: $(VENV)/.dev ## Make the pictures of README again
	$(TEST_DATA) SCREENSHOTS=docs/screenshots $(PY) -m pytest -m browser -k screenshot

figures: $(VENV)/.runtime ## Draw the figures of the exercises again after their poses changed
	$(TEST_DATA) $(PY) manage.py draw_figures

messages: $(VENV)/.dev ## Bring the translators' files up to date with the texts, and compile them
	$(TEST_DATA) $(PY) manage.py messages

clean: ## Delete .venv and what tests leave behind; the data in var/ stays
	rm -rf $(VENV) var/test staticfiles .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than what it was made from: the second start installs nothing.
$(VENV)/.runtime: requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing what selfcare needs into $(VENV). This takes about half a minute."
	@$(PIP) --requirement requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing what selfcare and its tests need into $(VENV). This takes about a minute."
	@$(PIP) --requirement requirements-dev.txt
	@touch $(VENV)/.runtime $@

# pip comes last when a virtual environment is made: where it is missing, making it was interrupted.
$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "selfcare needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
