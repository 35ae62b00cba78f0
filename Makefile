# What one does with a checkout: set up, try, test, lock. Needs Python 3.11 or newer, and make.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

CATALOGUES := $(shell find guantong -path '*/locale/*' -name '*.po')
ASSETS := $(shell find guantong -path '*/static/*' -type f)

.PHONY: help install dev demo test lock messages reference screenshots wheel clean

help:
	@echo 'make demo      set up, build the demonstration campaign and serve it'
	@echo 'make install   set up only; the command is $(BIN)/guantong'
	@echo 'make test      format, lint, types, imports, tests on SQLite and on PostgreSQL'
	@echo 'make reference write docs/reference/ anew from the code'
	@echo 'make screenshots  take the pictures in docs/screens/ anew (needs Chromium)'
	@echo 'make wheel     build the package into dist/'
	@echo 'make lock      write the lock files anew from pyproject.toml (needs uv)'
	@echo 'make messages  bring the catalogues up to date with the code (needs gettext)'
	@echo 'make clean     remove what the above has made, but not your data in var/'

install: $(VENV)/.installed $(VENV)/.translated $(VENV)/.collected

dev: install $(VENV)/.dev

demo: install
	@$(BIN)/guantong demo

test: dev
	@$(BIN)/python -m tests

# Each stamp says that its step was done for the present inputs; so a second run does nothing.
$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Guantong needs Python 3.11 or newer, and '$(PYTHON)' was not found: install it (on Debian: apt install python3 python3-venv) or name it, as in 'make PYTHON=/usr/local/bin/python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guantong needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) -V 2>&1): install a newer one and name it, as in 'make PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The Python '$(PYTHON)' came without its venv module: install it (on Debian and Ubuntu: apt install python3-venv) and try again." >&2; exit 1; }
	@echo 'Making $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.lock pyproject.toml
	@echo 'Installing what requirements.lock names …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed requirements-dev.lock
	@echo 'Installing what requirements-dev.lock names …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.translated: $(VENV)/.installed $(CATALOGUES)
	@$(BIN)/python -m guantong.project.translations
	@touch $@

$(VENV)/.collected: $(VENV)/.installed $(ASSETS)
	@$(BIN)/python -m guantong.project.assets
	@touch $@

lock:
	@command -v uv >/dev/null || { echo "Locking needs uv: 'pip install uv', then try again." >&2; exit 1; }
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --upgrade --python-version 3.11 --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --upgrade --python-version 3.11 --group build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

messages: dev
	@$(BIN)/python -m tests.messages

reference: dev
	@$(BIN)/python -m tests.reference

screenshots: dev
	@$(BIN)/python -m tests.screenshots

wheel: install
	@rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist guantong.egg-info guantong/static-built
	find guantong -name '*.mo' -delete
