# `make demo` and `make test` need git, make and Python 3.11 or later, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Exact versions with hashes, so a package that is released today changes nothing here. Without
# build isolation, because that would take the newest build tools.
INSTALL = python -m pip install --quiet --disable-pip-version-check
INSTALL_PINNED = $(INSTALL) --require-hashes
INSTALL_SFCRED = $(INSTALL) --no-deps --no-build-isolation --editable .
# -n auto uses all cores; SFCRED_PYTEST lets CI add options.
PYTEST = $(BIN)/python -m pytest -n auto $(SFCRED_PYTEST)

.PHONY: demo test lint types isolated e2e bench site generate pins newest lowest clean

demo: $(VENV)/sfcred.stamp  ## set up, run doctor and render on the examples, log in at a local org
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/demo.py

# Tests that compare times run by themselves: measuring coverage would be most of what they time.
TIMED = tests/hostile/test_bounds.py

test: $(VENV)/dev.stamp lint types  ## set up, lint, check types, run the tests with coverage
	$(PYTEST) --cov --cov-report=term --ignore $(TIMED)
	$(PYTEST) $(TIMED)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp
	$(BIN)/mypy

# Hostile servers and other users need a loopback device and more than one user, which are not there.
isolated: $(VENV)/dev.stamp  ## the tests in a network namespace without an outside
	unshare --map-root-user --net $(PYTEST) -q --ignore tests/hostile

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

# UPGRADE=1 takes the newest versions; without it, those that still fit pyproject.toml stay.
pins: $(VENV)-pins/pins.stamp  ## requirements/*.txt, from pyproject.toml
	$(VENV)-pins/bin/python scripts/pins.py

# What a user may have who installs sfcred today, and what pyproject.toml says is old enough.
# With the lowest, warnings are about the old versions themselves, click words a usage line in
# another way than docs/commands.md has it, and check-jsonschema wants a newer click.
lowest: OPTIONS = -W default \
	--deselect tests/test_docs.py::test_generated_files_are_current \
	--deselect tests/test_ci_files.py::test_the_platforms_own_schemas_take_the_files
newest lowest: $(VENV)-pins/pins.stamp  ## the tests with the newest, or lowest, versions that pyproject.toml allows
	$(PYTHON) -m venv --clear $(VENV)-$@
	$(VENV)-pins/bin/python scripts/pins.py $@ $(VENV)-$@/versions.txt
	$(VENV)-$@/bin/$(INSTALL) --no-deps --requirement $(VENV)-$@/versions.txt
	$(VENV)-$@/bin/$(INSTALL) --no-deps --editable .
	$(VENV)-$@/bin/python -m pytest -n auto $(OPTIONS) $(SFCRED_PYTEST)

clean:
	rm -rf $(VENV) $(VENV)-bench $(VENV)-docs $(VENV)-pins $(VENV)-newest $(VENV)-lowest demo-output site .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sfcred needs Python 3.11 or later: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/sfcred.stamp: $(VENV)/bin/pip pyproject.toml requirements/build.txt requirements/demo.txt
	$(BIN)/$(INSTALL_PINNED) -r requirements/build.txt -r requirements/demo.txt
	$(BIN)/$(INSTALL_SFCRED)
	touch $@

$(VENV)/dev.stamp: $(VENV)/sfcred.stamp requirements/dev.txt
	$(BIN)/$(INSTALL_PINNED) -r requirements/dev.txt
	touch $@

# As a person has it: nothing beside sfcred but the yardstick. Another package's entry points, or
# the mere presence of rich, would slow the start.
$(VENV)-bench/bench.stamp: $(VENV)/bin/pip pyproject.toml requirements/build.txt requirements/bench.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/$(INSTALL_PINNED) -r requirements/build.txt -r requirements/bench.txt
	$(VENV)-bench/bin/$(INSTALL_SFCRED)
	touch $@

# Of its own: the site needs nothing of sfcred's.
$(VENV)-docs/docs.stamp: requirements/docs.txt
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/$(INSTALL_PINNED) -r requirements/docs.txt
	touch $@

$(VENV)-pins/pins.stamp: requirements/pins.txt
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/$(INSTALL_PINNED) -r requirements/pins.txt
	touch $@
