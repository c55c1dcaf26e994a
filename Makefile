# Every habit of this project as one target. `make` alone lists them; `make chat` on a bare machine does the rest.

PYTHON ?= python3
BROWSER ?= yes
ARGS ?=
MINUTES ?= 5
# Two processes of tests with files and one thread each, which is 1.6 times as fast as one process with two threads;
# WORKERS=0 runs them one after the other (for a debugger).
WORKERS ?= 2

VENV := .venv
VENV_BENCH := .venv-bench
VENV_AUDIT := .venv-audit
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
TORCH := $(shell sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml)

LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-package torch --override $(VENV)/without-torch.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup chat test lint evaluate gate bench stores scale trust fuzz audit sbom lock clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: $(VENV)/.installed ## make the virtual environment (once; again only when pyproject.toml or the lock change)

chat: setup ## open the chat in the browser (options: make chat ARGS="--port 8000")
	@$(BIN)/python app.py $(ARGS)

test: setup ## run the tests (some of them: make test ARGS="tests/corpus"; without a browser: make test BROWSER=no)
ifeq ($(BROWSER),yes)
	@sh scripts/system.sh browser
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile $(ARGS)
else
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m "not browser and not slow" $(ARGS)
endif

lint: setup ## check style, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

evaluate: setup ## score the answers to the gold questions and write report.html
	@QA_LIBRARY=artifacts/gold-library $(BIN)/qa evaluate corpus/gold.jsonl --report report.html $(ARGS)

gate: setup ## fail where the answers to the gold questions got worse (keep better ones: make gate ARGS=--update)
	@$(BIN)/python -m benchmarks.gate $(ARGS)

bench: setup $(VENV_BENCH)/.installed ## measure ours beside Haystack and txtai (options: make bench ARGS="--rounds 1")
	@$(BIN)/python -m benchmarks.peers $(ARGS)

stores: setup $(VENV)/.ray ## try the stores at length: several processes at once, Milvus, Ray nodes that die; minutes
	@$(BIN)/python -m pytest -q tests/store -m "slow or not slow" $(ARGS)

scale: setup ## measure libraries of 1,000 to 1,000,000 passages; an hour (less: make scale ARGS="--sizes 1000 10000")
	@$(BIN)/python -m benchmarks.scale $(ARGS)

trust: setup ## try to break it: faults, hostile input, the server, no network; minutes (one part: make trust ARGS="-k offline")
	@sh scripts/system.sh browser
	@sh scripts/system.sh faults
	@sh scripts/trust.sh $(BIN)/python $(ARGS)

fuzz: setup ## let atheris look for inputs that break a reader (options: make fuzz MINUTES=5 ARGS="html pdf")
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(PIP) install "atheris>=3,<4"
	@$(BIN)/python -m fuzz --minutes $(MINUTES) $(ARGS)

audit: $(VENV_AUDIT)/.installed ## look up what is installed in the public lists of known holes
	@$(VENV_AUDIT)/bin/python scripts/audit.py holes

sbom: $(VENV_AUDIT)/.installed ## write the bill of materials to sbom.json (CycloneDX)
	@$(VENV_AUDIT)/bin/python scripts/audit.py bill sbom.json

# The override keeps torch (and the CUDA packages it names) out; pins that still fit are kept, so add ARGS=--upgrade for new ones.
lock: $(VENV)/.made ## pin every dependency anew (newest versions: make lock ARGS=--upgrade)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(PIP) install uv
	@echo "torch ; sys_platform == 'never'" > $(VENV)/without-torch.txt
	@$(LOCK) --extra mcp --extra milvus --extra test --extra lint --output-file requirements.lock $(ARGS) pyproject.toml requirements.in
	@$(LOCK) --extra ray --constraint requirements.lock --output-file requirements-ray.lock $(ARGS) pyproject.toml requirements.in

clean: ## remove the virtual environment, caches and what was built
	@rm -rf $(VENV) $(VENV_BENCH) $(VENV_AUDIT) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .gradio report.html sbom.json
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@sh scripts/system.sh python "$(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml requirements.lock
	@echo "Installing $(TORCH) and the pinned packages into $(VENV) (the first time: some minutes)."
	@$(PIP) install $(TORCH)
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@problems="$$($(BIN)/python -m pip check)" || { echo "$$problems"; exit 1; }
	@touch $@

$(VENV)/.ray: $(VENV)/.installed requirements-ray.lock
	@echo "Installing Ray into $(VENV)."
	@$(PIP) install --no-deps --require-hashes -r requirements-ray.lock
	@touch $@

$(VENV_BENCH)/.installed: $(VENV)/.made pyproject.toml benchmarks/requirements-peers.txt
	@echo "Installing $(TORCH) and the projects to compare with into $(VENV_BENCH) (the first time: some minutes)."
	@$(PYTHON) -m venv $(VENV_BENCH)
	@$(subst $(VENV)/,$(VENV_BENCH)/,$(PIP)) install $(TORCH)
	@$(subst $(VENV)/,$(VENV_BENCH)/,$(PIP)) install -r benchmarks/requirements-peers.txt
	@touch $@

$(VENV_AUDIT)/.installed: $(VENV)/.made scripts/requirements-audit.txt
	@$(PYTHON) -m venv $(VENV_AUDIT)
	@$(subst $(VENV)/,$(VENV_AUDIT)/,$(PIP)) install --no-deps --require-hashes -r scripts/requirements-audit.txt
	@touch $@
