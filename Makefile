# Everything a fresh machine needs is a Python of at least 3.11 and the package registry pip is set up for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
LOWEST := .venv-lowest
SIM := $(BIN)/sim
PYTEST = $(BIN)/python -m pytest -n auto --dist worksteal -q --durations=25
# Parts of the slow tests, of which .ci/run runs one.
PARTS := 5
PART ?=
# What runs the compiled engine as plain Python too; the mutants always do. Draws and means would be the same once more.
WITHOUT_JIT := tests/engine tests/golden --ignore tests/engine/test_mutants.py
SLOW_WITHOUT_JIT := $(addprefix tests/model/,test_shipped_scenarios.py test_random_scenarios.py)
DEMO := $(addprefix scenarios/,baseline.yaml each-flight-approved.yaml pre-clearance-60.yaml recognition-e-lock.yaml one-stop.yaml)
# Processes that the tests start find the program translated already.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-part test-all test-lowest test-durations pages bench bench-quick coverage lint types clean help

help:
	@echo "make demo       set up .venv and compare five shipped scenarios (results in out/demo)"
	@echo "make test       lint, types and the quick tests"
	@echo "make test-part PART=2   the second of $(PARTS) parts of the slow tests"
	@echo "make test-all   lint, types and all tests"
	@echo "make test-lowest        the back-tests, a run and its report with the lowest versions allowed"
	@echo "make test-durations     the quick tests one by one; fails where one takes longer than it may"
	@echo "make pages      write anew what is made from declarations: reference pages, scenarios/baseline.yaml"
	@echo "make coverage   how often the intervals of a study hold, counted anew (docs/reference/coverage.md)"
	@echo "make bench      the engines beside other simulators, some ten minutes (make bench-quick: one or two)"
	@echo "make clean      remove what make has built, but not out/"

# The stamps hold the set-up: it is repeated when what it was made from has changed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name one with: make PYTHON=/path/to/python3 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev-stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.run-stamp

# An environment of its own: Ciw brings a package called `tests`, which would stand in the way of the project's.
$(BENCH)/.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

demo: $(VENV)/.run-stamp
	$(SIM) run $(DEMO) --out out/demo

lint: $(VENV)/.dev-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-stamp
	$(BIN)/mypy

test: lint types
	$(PYTEST)
	NUMBA_DISABLE_JIT=1 $(PYTEST) $(WITHOUT_JIT)

test-part: $(VENV)/.dev-stamp
	$(PYTEST) -m slow --part $(PART)/$(PARTS)
	NUMBA_DISABLE_JIT=1 $(PYTEST) --part $(PART)/$(PARTS) $(SLOW_WITHOUT_JIT)
	@[ "$(PART)" != 3 ] || $(MAKE) test-lowest

test-all: lint types
	$(PYTEST) -m ''
	NUMBA_DISABLE_JIT=1 $(PYTEST) -m '' $(WITHOUT_JIT) $(SLOW_WITHOUT_JIT)

# Built anew when a bound has changed, with the lowest release that pyproject.toml allows of each direct dependency.
$(LOWEST)/.stamp: pyproject.toml tests/lowest_versions.py | $(BIN)/python
	$(BIN)/python -m venv --clear $(LOWEST)
	$(BIN)/python -m tests.lowest_versions > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOWEST)/constraints.txt -e . \
	  pytest pytest-xdist hypothesis
	@touch $@

test-lowest: $(LOWEST)/.stamp
	$(LOWEST)/bin/python -m pytest -q tests/golden
	$(LOWEST)/bin/sim run $(DEMO) --replications 2 --set study.days=1 --again --out $(LOWEST)/out/study
	$(LOWEST)/bin/sim report $(LOWEST)/out/study --out $(LOWEST)/out/report

test-durations: $(VENV)/.dev-stamp
	$(BIN)/python -m pytest -q --durations=25 --enforce-durations

pages: $(VENV)/.dev-stamp
	$(BIN)/python -m tests.docs.pages

bench: $(BENCH)/.stamp
	$(BENCH)/bin/python -m benchmarks

bench-quick: $(BENCH)/.stamp
	$(BENCH)/bin/python -m benchmarks --quick

# The bank is kept in out/coverage and gone on with; about half an hour of two cores.
coverage: $(VENV)/.dev-stamp
	$(BIN)/python -m benchmarks.interval_coverage

clean:
	rm -rf $(VENV) $(BENCH) $(LOWEST) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
