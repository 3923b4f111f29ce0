# `make` lists what can be done here. Needs python3, git and, for installing, the network.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install dev run demo test check fuzz torture audit image format bench bench-save screenshots translations lock \
	wheel clean

VENV := .venv
BIN := $(VENV)/bin
WIKI_DATA ?= instance
export WIKI_DATA
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE  # hundreds of modules, compiled again by each process that starts, would cost seconds each time

CATALOGUES := $(wildcard wiki/translations/*/LC_MESSAGES/*.po)
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

help:  ## Show this table of contents
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Use it

install: $(INSTALLED)  ## Create .venv and install the wiki into it

run: install  ## Serve the wiki; the first time, found it from content/
	@test -d "$(WIKI_DATA)/content.git" || $(BIN)/wiki init --no-link
	@$(BIN)/wiki serve

demo: export WIKI_DATA := instance/demo
demo: install  ## Serve a wiki with people, proposals and a history to play with
	@rm -rf instance/demo
	@$(BIN)/wiki demo
	@$(BIN)/wiki serve

##@ Work on it

dev: $(INSTALLED_DEV)  ## Install what checks and tests need as well

test: check  ## Check the code, then run every test, browser included
	@scripts/need browser ssh nginx postgres redis systemd
	$(BIN)/pytest -n auto --dist worksteal

check: dev  ## Lint, format, types, the direction of imports, likely flaws, the catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive wiki
	$(BIN)/hadolint Dockerfile
	@$(if $(CATALOGUES),scripts/translations check)

fuzz: export FUZZ_REQUESTS ?= 20000
fuzz: dev  ## Send 20,000 strange requests (FUZZ_REQUESTS=…, FUZZ_SEED=… to repeat them)
	$(BIN)/pytest -n 0 -s tests/fuzz -k "no_request"

torture: export TORTURE_ROUNDS ?= 300
torture: dev  ## Kill writers and the clock at 300 random moments (TORTURE_ROUNDS=…, TORTURE_SEED=… to repeat them)
	$(BIN)/pytest -n 0 -s tests/faults/test_torture.py

audit: dev  ## Ask for known flaws in what we depend on; needs the network, and fails without it
	$(BIN)/pip-audit --requirement requirements.lock --no-deps --disable-pip --strict --timeout 20

image: dev  ## Take the steps of the Dockerfile without Docker, as root, and try out what comes of it
	@scripts/need mmdebstrap
	$(BIN)/python -m scripts.image

format: dev  ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev  ## Measure speed and memory
	@scripts/need wrk nginx
	$(BIN)/python -m benchmarks

bench-save: dev  ## The same, and keep the table in benchmarks/README.md
	@scripts/need wrk nginx
	$(BIN)/python -m benchmarks --save

screenshots: dev  ## Take the pictures in docs/screens anew
	@scripts/need browser
	$(BIN)/python -m scripts.screenshots

translations: dev  ## Bring the catalogues up to date with the sentences in the code
	@scripts/translations update

##@ Hand it on

lock: dev  ## Choose the newest fitting versions of all dependencies
	@scripts/lock --upgrade

wheel: dev  ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

clean:  ## Remove what was built; the wikis under instance/ stay
	rm -rf $(VENV) build dist .*_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Stamps: each is as new as the last installation, so that a second `make install` does nothing.

$(BIN)/pip:
	@scripts/need python git
	python3 -m venv $(VENV)

$(INSTALLED): requirements.lock pyproject.toml scripts/compile_translations.py $(CATALOGUES) | $(BIN)/pip
	$(BIN)/pip install -q -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	$(BIN)/pip install -q -r requirements-dev.lock
	@touch $@
