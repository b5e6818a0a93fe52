# Two commands are all that a newcomer needs, on a machine with Python 3.11, 3.12 or 3.13:
#   make run     set up .venv, then run the Kursk case from its file to its verdicts
#   make test    set up .venv with the test tools, then run the tests
# And for those who change it: make check (which needs Node.js too), make screenshots (Chromium), and
# make bench on a machine that does nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: run test check screenshots bench lock clean

run: $(VENV)/.installed
	@$(BIN)/ripeness run kursk-2024

test: $(VENV)/.installed-test
	@$(BIN)/pytest -n 2 --dist loadfile

# What must hold beside the tests: layout, lint, types of both languages, and which room may import
# which.
check: $(VENV)/.installed-test node_modules/.installed
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/pyright
	@node_modules/.bin/tsc --project .
	@$(BIN)/lint-imports --no-logo

# The pictures of the README, from a run of the Kursk case.
screenshots: $(VENV)/.installed-test
	@$(BIN)/python docs/screenshots.py

# Speed and memory beside peers: some eight minutes, two cores.
bench: $(VENV)/.installed benchmarks/.venv/.installed
	@$(BIN)/python benchmarks/speed.py

benchmarks/.venv/.installed: benchmarks/requirements.txt
	@echo "Setting up benchmarks/.venv with EMA Workbench"
	@$(PYTHON) -m venv benchmarks/.venv
	@benchmarks/.venv/bin/python -m pip install -qq --disable-pip-version-check \
	  --requirement benchmarks/requirements.txt
	@touch $@

$(VENV)/.installed: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Ripeness needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) with what Ripeness needs (some 200 MB, a minute or two, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed
	@echo "Adding the test tools to $(VENV)"
	@$(PIP) --requirement requirements/test.txt
	@touch $@

# What checks the scripts of the pages; no lock file, as one would hold download addresses.
node_modules/.installed: package.json
	@command -v npm >/dev/null || { echo "make check needs Node.js with npm" >&2; exit 1; }
	@echo "Setting up node_modules with what checks the pages' scripts"
	@npm install --no-package-lock --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# The pins, from the names in pyproject.toml; compiled on the oldest Python that Ripeness supports,
# so that they fit the others too. They hold versions only: no download addresses.
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(VENV)-lock/bin/pip-compile --quiet --upgrade \
  --strip-extras --annotation-style line --build-deps-for editable \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
lock:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Pins are compiled with Python 3.11: make lock PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install -qq --disable-pip-version-check pip-tools
	@$(LOCK) --extra test --output-file requirements/test.txt pyproject.toml
	@$(LOCK) --constraint requirements/test.txt --output-file requirements/run.txt pyproject.toml

clean:
	rm -rf $(VENV) $(VENV)-lock benchmarks/.venv node_modules dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
