# What a person and CI both run. Each target does its own set-up, once: the stamps depend on the locks.

PYTHON ?= python3# any Python from 3.11 on
LOCK_PYTHON ?= python3.11# the oldest Python admitted: what it resolves, later ones have too
JOBS ?= 2# test processes

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL_PACKAGE := $(PIP) install --quiet --no-deps --no-build-isolation --editable .

.NOTPARALLEL:
.PHONY: help demo test test-long check format bench lock clean

help:
	@echo "make demo       run the case november_2023 and write its brief to build/demo"
	@echo "make test       run the tests, with coverage"
	@echo "make test-long  run the long versions of the tests"
	@echo "make check      run the linter, the format check and the type checker"
	@echo "make format     let the linter mend what it can"
	@echo "make bench      time the kernel"
	@echo "make lock       write the locks anew from pyproject.toml (UPGRADE=1: take newer versions)"
	@echo "make clean      remove .venv and build"

demo: .venv/run.stamp
	$(BIN)/detente run november_2023 --explore --hindcast --out build/demo

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term

test-long: .venv/dev.stamp
	$(BIN)/python -m pytest -n $(JOBS) -m long

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/run.stamp
	$(BIN)/python bench/kernel.py

# --- set-up ---------------------------------------------------------------------------------------------------------

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements/run.lock
	$(INSTALL_PACKAGE)
	@touch $@

# dev.lock holds all of run.lock, so one install does for both
.venv/dev.stamp: requirements/dev.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements/dev.lock
	$(INSTALL_PACKAGE)
	@touch .venv/run.stamp $@

# --- locks ----------------------------------------------------------------------------------------------------------
# A machine's own pip settings (extra indexes, local folders of wheels) must leave no trace in a lock: they are set
# aside, and no index or folder is written down. What builds the package is locked with the rest.

COMPILE := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	build/lock/bin/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe --annotation-style=line \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --build-deps-for editable $(if $(UPGRADE),--upgrade)

lock:
	test -x build/lock/bin/pip-compile || \
		{ $(LOCK_PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet pip-tools==7.6.2; }
	$(COMPILE) --output-file requirements/run.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements/run.lock --output-file requirements/dev.lock pyproject.toml

clean:
	rm -rf .venv build
