# Everything is made in .venv; a fresh machine needs Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo browser test lint format clean

install: $(VENV)/.ready

# The demo needs the run-time packages only, and so it is there sooner than the tests' set-up.
$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,hf]'
	@touch $@ $(VENV)/.demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo 'This Python has no venv; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

demo: $(VENV)/.demo
	$(BIN)/pembinaan extract service/samples/dimsum.html --format table
	@mkdir -p .work
	@$(BIN)/pembinaan extract service/samples/dimsum.html --format html > .work/demo.html
	@echo 'The same as a page, each value beside its words: .work/demo.html'

# The pages are tested in a real browser; where it may, the set-up brings one.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get --quiet --quiet update && apt-get --quiet --quiet install --yes chromium >/dev/null; } || \
		echo 'No browser: its tests are skipped; on Debian and Ubuntu: apt install chromium' >&2

test: install browser
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(PYTEST_OPTIONS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist *.egg-info
