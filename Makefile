# The commands of this repository. `make` or `make help` lists them; each makes what it needs first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file that is newer than the lock it was installed from.
READY := $(VENV)/.installed
export PYTHONPATH := layers/agents:.

.PHONY: help run demo test check fix build bench new-agent lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

run: $(READY) ## Start the whole service on this machine (PORT, AWS_PORT, LITELLM_URL, MLFLOW_TRACKING_URI)
	@exec $(BIN)/python -m local.run

demo: $(READY) ## Tell the whole story once: snapshot in, agents' snippets, a tip out
	@exec $(BIN)/python -m local.demo

test: $(READY) ## Run every test that needs no container
	$(BIN)/python -m pytest

check: $(READY) ## Lint, formatting and types; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(READY) ## Let the linter and the formatter change what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(READY) ## Write the documents that are generated from the code
	$(BIN)/python -m local.build

bench: $(READY) ## Measure, and print ratios against something named beside them
	$(BIN)/python -m benchmarks

new-agent: $(READY) ## Write a new agent's module and test, and register it (NAME=kebab-case)
	@$(BIN)/python -m local.new_agent $(NAME)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

lock: ## Resolve the dependencies of pyproject.toml anew into the hashed locks (needs uv)
	$(COMPILE) pyproject.toml -o layers/agents/requirements.txt
	$(COMPILE) pyproject.toml --group dev -c layers/agents/requirements.txt -o requirements-dev.txt
	$(COMPILE) --group pyproject.toml:runtime -o requirements-runtime.txt
	$(COMPILE) --group pyproject.toml:sam -o requirements-sam.txt
	$(COMPILE) --group pyproject.toml:proxy -o requirements-proxy.txt

clean: ## Remove what the commands above made
	rm -rf $(VENV) .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache build
