# `make demo` and `make test` need only git, make and Python 3.11 or later.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Exact versions with hashes, so that a new release of a package changes nothing here. Without
# build isolation, because that would install the newest build tools.
INSTALL = python -m pip install --quiet --disable-pip-version-check
INSTALL_PINNED = $(INSTALL) --require-hashes
INSTALL_SFCRED = $(INSTALL) --no-deps --no-build-isolation --editable .
# Most modules of the developers' tools are never imported. Python compiles the others, and keeps them:
# the tests start sfcred thousands of times.
INSTALL_TOOLS = $(INSTALL_PINNED) --no-compile
unexport PYTHONDONTWRITEBYTECODE
# All cores run tests, and one that has none left takes some of another's: they take from a millisecond to a
# minute. SFCRED_PYTEST lets CI add options.
PINNED = $(wildcard requirements/*.txt)
ON_ALL_CORES = -n auto --dist worksteal
PYTEST = $(BIN)/python -m pytest $(ON_ALL_CORES) --durations 15 $(SFCRED_PYTEST)

.PHONY: demo test coverage lint types types-here types-win32 types-darwin isolated wine e2e e2e-tools bench site generate pins audit sbom dist newest lowest clean

demo: $(VENV)/sfcred.stamp  ## set up, run doctor and render on the examples, log in to a local org
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp lint types  ## set up, lint, check types, run the tests
	$(PYTEST)

# Measuring takes two and a half times as long (less on Python 3.14), so it is separate, and tests that
# compare times are left out.
coverage: $(VENV)/dev.stamp  ## run the tests, and list the lines that none of them runs
	$(PYTEST) --cov --cov-report=term -m 'not timed'

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

# Python lacks names on some systems (os.geteuid on Windows), and mypy knows which. So sfcred is also
# checked as for Windows and macOS, where code for other systems is unreachable on purpose.
# mypy uses one core, so the three run at the same time.
types: $(VENV)/dev.stamp
	+$(MAKE) --jobs 3 types-here types-win32 types-darwin
types-here:
	$(BIN)/mypy
types-win32:
	$(BIN)/mypy --package sfcred --platform win32 --no-warn-unreachable --cache-dir .mypy_cache/win32
types-darwin:
	$(BIN)/mypy --package sfcred --platform darwin --cache-dir .mypy_cache/darwin

# FILES limits it to some tests. tests/hostile needs a loopback device and a second user, and the
# namespace has neither.
isolated: $(VENV)/dev.stamp  ## run the tests in a network namespace without a connection
	unshare --map-root-user --net $(PYTEST) -q --ignore tests/hostile $(FILES)

# FILES limits it to some tests: all of them take hours under Wine.
wine: $(VENV)/dev.stamp  ## run the tests, or FILES, with a CPython for Windows, under Wine
	$(BIN)/python scripts/wine.py $(FILES)

e2e-tools: $(VENV)/dev.stamp  ## install real clients (once)
	$(BIN)/python scripts/e2e_install.py

# Two files at a time: each has its own org and n8n, and tests of one file may share them.
e2e: e2e-tools  ## install real clients (once), and run them with what sfcred writes
	$(BIN)/python -m pytest tests/e2e -n 2 --dist loadfile --durations 15

bench: $(VENV)-bench/bench.stamp  ## compare the speed with other tools
	$(VENV)-bench/bin/python scripts/bench.py

site: $(VENV)-docs/docs.stamp  ## build the documentation with MkDocs and zensical; warnings are errors
	$(VENV)-docs/bin/mkdocs build --clean
	$(VENV)-docs/bin/zensical build --strict --clean --config-file zensical.yml

generate: $(VENV)/dev.stamp  ## generate pages of docs/, schemas/ and the README's help from the code
	$(BIN)/python -m scripts.generate

# UPGRADE=1 updates to the newest versions. Without it, versions that still fit pyproject.toml stay.
pins: $(VENV)-pins/pins.stamp  ## write requirements/*.txt from pyproject.toml
	$(VENV)-pins/bin/python -m scripts.pins

# --strict: a package that can't be looked up is an error, too.
audit: $(VENV)-release/release.stamp  ## look up published vulnerabilities of all pinned packages
	$(VENV)-release/bin/pip-audit --strict --require-hashes --disable-pip \
		--progress-spinner off $(PINNED:%=-r %)

sbom: $(VENV)-release/release.stamp  ## list the packages that a released sfcred runs with (CycloneDX)
	$(VENV)-release/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		-r requirements/run.txt --format cyclonedx-json --output sbom.cdx.json

dist: $(VENV)-release/release.stamp  ## build the packages, and check them
	rm -rf dist
	$(VENV)-release/bin/python -m hatchling build -d dist
	$(VENV)-release/bin/twine check --strict dist/*
	$(VENV)-release/bin/python scripts/release.py contents dist

# newest: what a user gets who installs sfcred today. lowest: the minimum in pyproject.toml.
# With the lowest versions, warnings are about those versions themselves, click formats a usage line
# differently than in docs/commands.md, and check-jsonschema needs a newer click.
lowest: OPTIONS = -W default \
	--deselect tests/repository/test_docs.py::test_generated_files_are_current \
	--deselect tests/repository/test_ci_files.py::test_the_platforms_own_schemas_take_the_files
newest lowest: $(VENV)-pins/pins.stamp  ## run the tests with the newest or lowest versions that pyproject.toml allows
	$(PYTHON) -m venv --clear $(VENV)-$@
	$(VENV)-pins/bin/python -m scripts.pins $@ $(VENV)-$@/versions.txt
	$(VENV)-$@/bin/$(INSTALL) --no-deps --requirement $(VENV)-$@/versions.txt
	$(VENV)-$@/bin/$(INSTALL) --no-deps --editable .
	$(VENV)-$@/bin/python -m pytest $(ON_ALL_CORES) $(OPTIONS) $(SFCRED_PYTEST)

clean:
	rm -rf .wine $(VENV) $(VENV)-bench $(VENV)-docs $(VENV)-pins $(VENV)-release $(VENV)-newest $(VENV)-lowest demo-output dist sbom.cdx.json site .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sfcred needs Python 3.11 or later: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/sfcred.stamp: $(VENV)/bin/pip pyproject.toml requirements/build.txt requirements/demo.txt
	$(BIN)/$(INSTALL_PINNED) -r requirements/build.txt -r requirements/demo.txt
	$(BIN)/$(INSTALL_SFCRED)
	touch $@

$(VENV)/dev.stamp: $(VENV)/sfcred.stamp requirements/dev.txt
	$(BIN)/$(INSTALL_TOOLS) -r requirements/dev.txt
	touch $@

# Like a user's environment: only sfcred and the tool that it is compared with. Entry points of other
# packages, or just having rich installed, would slow down the start.
$(VENV)-bench/bench.stamp: $(VENV)/bin/pip pyproject.toml requirements/build.txt requirements/bench.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/$(INSTALL_PINNED) -r requirements/build.txt -r requirements/bench.txt
	$(VENV)-bench/bin/$(INSTALL_SFCRED)
	touch $@

# A separate environment: the site doesn't need sfcred's packages.
$(VENV)-docs/docs.stamp: requirements/docs.txt
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/$(INSTALL_TOOLS) -r requirements/docs.txt
	touch $@

$(VENV)-pins/pins.stamp: requirements/pins.txt
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/$(INSTALL_TOOLS) -r requirements/pins.txt
	touch $@

$(VENV)-release/release.stamp: requirements/build.txt requirements/release.txt
	$(PYTHON) -m venv $(VENV)-release
	$(VENV)-release/bin/$(INSTALL_TOOLS) -r requirements/build.txt -r requirements/release.txt
	touch $@
