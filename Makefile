# Every verb sets up what it needs first; see README.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

.PHONY: help setup run test test-all bench lint format clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## make .venv with llmworks and everything that its tests compare it with

# torch goes in first, alone: what comes after then finds its pinned version and pulls no other.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "llmworks needs Python 3.11 or newer; run make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	@echo "installing (some minutes on a fresh machine) ..."
	$(PIP) torch
	$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.ready
	$(PIP) -e '.[bench]'
	@touch $@

# Compiled from source: 10 minutes and more. What is compared with llama.cpp is skipped where it is absent.
$(VENV)/.llamacpp: $(VENV)/.ready
	$(PIP) -e '.[llamacpp]'
	@touch $@

# lm-evaluation-harness brings scikit-learn, scipy and lxml; its tests are skipped where it is absent.
$(VENV)/.lmeval: $(VENV)/.ready
	$(PIP) -e '.[lmeval]'
	@touch $@

run: $(VENV)/.ready ## open the workbench on http://127.0.0.1:8000 (PORT=… for another port)
	$(BIN)/llmworks up --port $(or $(PORT),8000)

test: $(VENV)/.ready ## the test suite (minutes)
	$(BIN)/python -m pytest -q

test-all: $(VENV)/.llamacpp $(VENV)/.lmeval ## the slow tests too, and those against llama.cpp (compiled first) and lm_eval
	$(BIN)/python -m pytest -q -m ''

bench: $(VENV)/.bench ## side-by-side benchmarks against the peers
	$(BIN)/python -m bench

lint: $(VENV)/.ready ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
