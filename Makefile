# `make demo` and `make test` do all their own set-up; Python 3.11+, git and make are all they need.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# The first Python that is new enough, unless you say which: make PYTHON=python3.12 test
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done; true),python3)

BIN := .venv/bin
DEV := .venv/.installed
# Semgrep pins its dependencies to exact versions, so it gets an environment of its own.
SEMGREP := .venv-semgrep/.installed
# What the tests hold SARIF reports against.
SARIF := .venv/sarif-2.1.0.json
# What they hold rulesets and reviews against.
GITHUB := .venv/github-schemas.json
TESTED := .venv/.tested

export SEMGREP_SEND_METRICS := off
export SEMGREP_ENABLE_VERSION_CHECK := 0
export BYLAW_SEMGREP ?= $(CURDIR)/.venv-semgrep/bin/semgrep
export BYLAW_SARIF_SCHEMA ?= $(CURDIR)/$(SARIF)
export BYLAW_GITHUB_SCHEMAS ?= $(CURDIR)/$(GITHUB)

SOURCES := $(wildcard $(shell git ls-files --cached --others --exclude-standard 2>/dev/null))
# pytest starts this many processes.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: help
help: ## say what there is to make
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

# --- the two that matter -------------------------------------------------------------------------

.PHONY: demo
demo: $(DEV) $(SEMGREP) ## compile the sample shop, find what is planted in it, prove the rules, let agents in, preview
	@$(BIN)/python tests/demo.py
	@echo
	@$(BIN)/python tests/walkthrough.py
	@echo
	@$(BIN)/bylaw preview -C adrs-sample --static "$(CURDIR)/build/preview"
	@echo "The live page, where you can edit a decision and see at once what it becomes and breaks:"
	@echo "    $(BIN)/bylaw preview -C adrs-sample"

run-tests = $(BIN)/pytest -n $(JOBS) --dist worksteal -q | tee .venv/.pytest \
	&& tail -n 1 .venv/.pytest > $(TESTED)

.PHONY: test
test: $(DEV) $(SEMGREP) $(SARIF) $(GITHUB) ## run all tests
	@rm -f $(TESTED)
	@$(run-tests)

# --- what a change must pass ---------------------------------------------------------------------

.PHONY: check
check: format lint types contracts tested ## check format, lint, types, our own decisions, and tests

.PHONY: format
format: $(DEV) ## check the format
	$(BIN)/ruff format --check

.PHONY: lint
lint: $(DEV) ## lint
	$(BIN)/ruff check

.PHONY: types
types: $(DEV) ## check the types
	$(BIN)/mypy

.PHONY: contracts
contracts: $(DEV) $(SEMGREP) ## hold this code to its own decisions, with real engines
	$(BIN)/bylaw build --strict
	$(BIN)/bylaw check --strict
	for config in .bylaw/importlinter*.toml; do \
		PYTHONPATH=compiler:grammar:targets $(BIN)/lint-imports --no-cache --config $$config; done
	$(BYLAW_SEMGREP) scan --config .bylaw/semgrep.yml --no-rewrite-rule-ids --error --quiet --disable-nosem .

# The tests have passed on these very files; `make test` runs them again in any case.
.PHONY: tested
tested: $(TESTED)
	@echo "tests: $$(cat $(TESTED))"

ifeq ($(filter test,$(MAKECMDGOALS)),)
$(TESTED): $(DEV) $(SEMGREP) $(SARIF) $(GITHUB) $(SOURCES)
	@$(run-tests)
else
$(TESTED): test ;
endif

# --- the rest ------------------------------------------------------------------------------------

.PHONY: fix
fix: $(DEV) ## format, and repair what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: docs
docs: $(DEV) $(SEMGREP) ## remake the generated parts of the documentation
	$(BIN)/python docs/remake.py

.PHONY: bench
bench: $(DEV) ## measure; see benchmarks/
	$(BIN)/python benchmarks/run.py

.PHONY: clean
clean: ## remove everything that is not in the repository
	rm -rf .venv .venv-semgrep .bylaw adrs-sample/.bylaw dist build
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find compiler grammar targets tests benchmarks adrs-sample -name __pycache__ -exec rm -rf {} +

# A folder is not a stamp: a set-up that was interrupted has one, too.
$(DEV): pyproject.toml .ci/venv
	@echo "setting up .venv"
	@$(PYTHON) .ci/venv .venv -e '.[dev]'
	@touch $@

$(SARIF): .ci/sarif-schema
	@mkdir -p $(@D)
	@$(PYTHON) .ci/sarif-schema $@
	@touch $@

$(GITHUB): .ci/github-schema
	@mkdir -p $(@D)
	@$(PYTHON) .ci/github-schema $@
	@touch $@

$(SEMGREP): .ci/venv
	@echo "setting up .venv-semgrep"
	@$(PYTHON) .ci/venv .venv-semgrep @semgrep
	@touch $@
