# Four verbs: install, demo, test, lint. Everything lands in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test lint format clean

install: .venv/.ready

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev,hf]'
	touch $@

.venv/.demo: pyproject.toml
	test -x $(BIN)/pembinaan || $(PYTHON) -m venv .venv
	test -x $(BIN)/pembinaan || $(BIN)/python -m pip install --quiet --editable .
	touch $@

demo: .venv/.demo
	$(BIN)/pembinaan extract service/samples/dimsum.html --format table

test: install
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist *.egg-info
