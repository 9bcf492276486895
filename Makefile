# `make demo` and `make test` need git, make and Python 3.11 or later, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# -n auto uses all cores; SFCRED_PYTEST lets CI add options.
PYTEST = $(BIN)/python -m pytest -n auto $(SFCRED_PYTEST)

.PHONY: demo test lint types isolated e2e bench site generate clean

demo: $(VENV)/sfcred.stamp  ## set up, run doctor and render on the examples, log in at a local org
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp lint types  ## set up, lint, check types, run the tests with coverage
	$(PYTEST) --cov --cov-report=term

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp
	$(BIN)/mypy

isolated: $(VENV)/dev.stamp  ## the tests in a network namespace without an outside
	unshare --map-root-user --net $(PYTEST) -q

e2e: $(VENV)/dev.stamp  ## install real clients (once), and let them use what sfcred makes
	$(BIN)/python scripts/e2e_install.py
	$(BIN)/python -m pytest tests/e2e

bench: $(VENV)-bench/bench.stamp  ## ratios to other tools, side by side
	$(VENV)-bench/bin/python scripts/bench.py

site: $(VENV)-docs/docs.stamp  ## the documentation, built with warnings as errors, twice
	$(VENV)-docs/bin/mkdocs build --clean
	$(VENV)-docs/bin/zensical build --strict --clean --config-file zensical.yml

generate: $(VENV)/dev.stamp  ## pages of docs/, schemas/ and the README's help, from the code
	$(BIN)/python -m scripts.generate

clean:
	rm -rf $(VENV) $(VENV)-bench $(VENV)-docs demo-output site .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sfcred needs Python 3.11 or later: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/sfcred.stamp: $(VENV)/bin/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[local-org]'
	touch $@

$(VENV)/dev.stamp: $(VENV)/sfcred.stamp
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

# As a person has it: nothing beside sfcred but the yardstick. Another package's entry points, or
# the mere presence of rich, would slow the start.
$(VENV)-bench/bench.stamp: $(VENV)/bin/pip pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-bench/bin/python -m pip install --quiet --editable '.[local-org]' --group bench
	touch $@

# Of its own: the site needs nothing of sfcred's.
$(VENV)-docs/docs.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-docs/bin/python -m pip install --quiet --group docs
	touch $@
