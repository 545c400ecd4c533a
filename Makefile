# `make` lists the targets. Everything runs in .venv, which the targets make themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
INPUT ?= corpus
OUT ?= outputs
CONFIG ?=
DATA ?= ../shared/data

.PHONY: help analyze test lint format bench model notebooks clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  e.g. make analyze INPUT=my-articles OUT=results"

# One stamp an environment: an install runs again only when what it installs has changed.
.venv/base.stamp: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "fupan needs Python 3.11 or newer on the PATH (or PYTHON=/path/to/python3)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (about a minute, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/dev.stamp: .venv/base.stamp
	@echo "Installing the tools of the tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,notebooks,cluster]'
	@touch $@

.venv/peers.stamp: .venv/dev.stamp
	@echo "Installing what the benchmarks compare with …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[peers]'
	@touch $@

analyze: .venv/base.stamp  ## analyse INPUT (corpus) into OUT (outputs), settings in CONFIG (none)
	@$(BIN)/fupan analyze "$(INPUT)" -o "$(OUT)" $(if $(CONFIG),-c "$(CONFIG)")

test: .venv/dev.stamp  ## run the tests
	@$(BIN)/python -m pytest -n auto

lint: .venv/dev.stamp  ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: .venv/dev.stamp  ## format the code
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

bench: .venv/peers.stamp  ## measure quality and speed on DATA (labelled data), write docs/quality.md
	@$(BIN)/python -m benchmarks --data "$(DATA)"

model: .venv/dev.stamp  ## train the models on DATA
	@$(BIN)/python -m pipeline.train --data "$(DATA)"
	@$(BIN)/python -m pipeline.between --data "$(DATA)"
	@$(BIN)/python -m pipeline.wholeness --data "$(DATA)"
	@$(BIN)/python -m pipeline.worth

notebooks: .venv/dev.stamp  ## open the notebooks
	@$(BIN)/jupyter lab notebooks

clean:  ## remove the environment, caches and outputs
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find outputs -mindepth 1 ! -name README.md -delete
