# The only list of commands: people and CI call the same ones. `make help` prints them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FLOOR := --fail-under=90 --precision=1 --skip-covered --sort=cover
ASSETS := portal/commune_portal/static/built/.ready
BROWSER := tests/e2e/browser/.unpacked/.ready
MEMBERS := shared services/roster-api services/matching-worker services/notifier deploy demo portal

AUTHZ := access_routes accounts authz_bodies authz_objects authz_worlds bearer_tokens inviting services_keys signing_out

# Processes that tests start by the hundred read what was compiled before, also where the machine's image says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup assets screens pictures demo dev test long browser typescript coverage mutants check lint types contracts bench bench-docs authz faults fuzz explore migration lock lock-check layouts sbom audit format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) $(ASSETS) ## the virtual environment, from requirements.lock, and the portal's assets
$(READY): requirements.lock $(MEMBERS:%=%/pyproject.toml)
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; found " + sys.version) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(MEMBERS:%=-e ./%)
	@touch $@

assets: $(ASSETS) ## the portal's stylesheet, scripts and fonts, from npm (node comes as a wheel where there is none)
$(ASSETS): portal/package.json portal/package-lock.json portal/build.mjs $(wildcard portal/assets/*)
	@PYTHON=$(PYTHON) deploy/with-node.sh bash -c 'cd portal && npm ci --silent --no-progress && node build.mjs'
	@touch $@

$(BROWSER): tests/e2e/browser/package.json tests/e2e/browser/package-lock.json tests/e2e/browser/unpack.mjs
	@PYTHON=$(PYTHON) deploy/with-node.sh bash -c 'cd tests/e2e/browser && npm ci --silent --no-progress && node unpack.mjs'
	@touch $@

screens: $(READY) $(ASSETS) $(BROWSER) ## pictures of every screen, both languages, desktop and phone, into screens/
	@$(BIN)/python -m tests.e2e.screens

pictures: $(READY) $(ASSETS) $(BROWSER) ## the README's pictures of the portal, of a `make demo` that is up
	@$(BIN)/python -m tests.e2e.readme_pictures

demo: $(READY) $(ASSETS) ## the Khánh Hòa case, end to end; stays up until Ctrl-C (ONCE=1: ends by itself, with a status; CASE=dien-bien)
	@$(BIN)/commune-demo $(if $(ONCE),--once) $(if $(CASE),--case $(CASE))

dev: $(READY) $(ASSETS) ## everything up, with an empty database, until Ctrl-C
	@$(BIN)/commune-stack dev

test: $(READY) $(ASSETS) $(BROWSER) ## the tests, once: the status is that run's (ARGS="tests/notifier -k sms" for some of them)
	@$(BIN)/python -m pytest $(ARGS)

explore: $(READY) ## the properties, each with examples that were not tried before (ARGS="tests/roster_api/rosters")
	@$(BIN)/python -m pytest --hypothesis-profile explore $$(grep -rl --include='test_*.py' '^@given' $(or $(ARGS),tests))

long: $(READY) ## tests of whole stacks and of real size, before a release
	@$(BIN)/python -m pytest -m long $$(grep -rl --include='test_*.py' 'pytest\.mark\.long' tests)

browser: $(READY) $(ASSETS) $(BROWSER) ## the journeys and every page of the portal in a real browser
	@$(BIN)/python -m pytest -m browser -n 2 tests/e2e

typescript: ## the TypeScript client: types from docs/openapi.json, compiled against one flow
	@PYTHON=$(PYTHON) deploy/with-node.sh bash -c 'cd clients/typescript && npm ci --silent --no-progress && npm run -s types >/dev/null && npm run -s check'

coverage: $(READY) ## `make test`, branches counted near rules, judges, access, messages' states; red under 90 %
	@rm -f .coverage .coverage.*
	@COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml COVERAGE_FILE=$(CURDIR)/.coverage $(MAKE) --no-print-directory test
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report $(FLOOR) --include='*/matching_worker/model/*,*/commune_verify/*'
	@$(BIN)/coverage report $(FLOOR) --include='*/roster_api/access/*'
	@$(BIN)/coverage report $(FLOOR) --include='*/notifier/states.py,*/notifier/outbound.py'

mutants: $(VENV)/.mutants ## mutation tests of judges, states, access, lists; red under 85 % killed (PART=states: that one)
	@$(BIN)/python -m tests.mutants $(PART)
$(VENV)/.mutants: $(READY) requirements-mutants.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-mutants.lock
	@touch $@

check: lint types contracts lock-check sbom typescript coverage browser ## what CI runs: lint, types, contracts, lock, tests with their coverage

lint: $(READY) ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## ruff, mending what it can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

contracts: $(READY) ## who may import whom
	@$(BIN)/lint-imports

bench: $(READY) $(ASSETS) $(BROWSER) ## benchmarks, as ratios: a table, a plot, bench-output/results.json (ONLY=part)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

bench-docs: $(READY) ## table and plot of the last whole benchmark into docs/
	@$(BIN)/python -m bench --write-docs

authz: $(READY) ## every route x every role x own, foreign, missing; tokens; worlds that differ in others' people
	@$(BIN)/python -m pytest -n 2 $(AUTHZ:%=tests/roster_api/test_%.py)

faults: $(READY) ## long fault tests (SEEDS=n: the seeds 1 to n; SEED=n: that one; CAMPAIGNS=n: told with the first, 6)
	@$(BIN)/python -m pytest -m faults -n 1 --fault-campaigns $(or $(CAMPAIGNS),6) $(if $(SEED),--fault-seed $(SEED),--fault-seeds $(or $(SEEDS),3)) --timeout $(if $(CAMPAIGNS),5400,900) tests/system

fuzz: $(READY) ## any file is read or refused, nobody in a table is lost: atheris and Hypothesis (MINUTES=10)
	@$(BIN)/python -m tests.roster_api.rosters.fuzz_reader --minutes $(or $(MINUTES),10)

migration: $(READY) ## a new Alembic revision: SERVICE=roster-api|notifier NAME="what changes"
	@$(BIN)/commune-stack migration --service "$(SERVICE)" --name "$(NAME)"

lock: ## requirements.lock anew from every pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --no-emit-workspace --all-packages --all-groups --no-header --no-annotate --format requirements-txt \
		| awk '/sys_platform == .never./ {skip = 1} !skip {print} skip && !/\\$$/ {skip = 0}' > requirements.lock

lock-check: $(READY) ## requirements.lock still answers what every pyproject.toml asks
	@$(BIN)/uv pip compile --quiet --no-header --no-annotate --python $(BIN)/python --universal --group dev $(MEMBERS:%=%/pyproject.toml) -c <(grep -E '^[a-z0-9._-]+==' requirements.lock | sed 's/ *\\$$//') > /dev/null && echo "requirements.lock answers every pyproject.toml"

layouts: $(READY) ## the layouts of HTML mails, compiled from MJML after a change
	@$(BIN)/python deploy/mail_layouts.py

sbom: $(READY) ## what an installation is made of (CycloneDX), into sbom.json; asks no network
	@$(BIN)/python deploy/sbom.py sbom.json

audit: $(VENV)/.audit/.made ## known holes in the pinned packages (pip-audit): asks the package index's advisories, so not part of `make check`
	@$(VENV)/.audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock
$(VENV)/.audit/.made: $(READY) requirements-audit.lock
	@$(BIN)/uv venv --quiet --clear $(VENV)/.audit
	@$(BIN)/uv pip install --quiet --python $(VENV)/.audit/bin/python --require-hashes -r requirements-audit.lock
	@touch $@

clean: ## what was made: environment, caches, outputs, the development database
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis .coverage .mutants demo-output bench-output sbom.json .stack .node screens \
		portal/node_modules clients/typescript/node_modules clients/typescript/built portal/commune_portal/static/built tests/e2e/browser/node_modules tests/e2e/browser/.unpacked
