# The commands of this repository. `make` or `make help` lists them; each makes what it needs first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PROXY_PORT ?= 4000
VENV := .venv
BIN := $(VENV)/bin
# Files that are newer than the locks they were installed from. Tools that pin hard have environments of their own.
READY := $(VENV)/.installed
SAM_READY := .venv-sam/.installed
SCAN_READY := .venv-scan/.installed
RUNTIME_READY := .venv-runtime/.installed
PROXY_READY := .venv-proxy/.installed
MLFLOW_READY := .venv-mlflow/.installed
BROWSER_READY := .venv-browser/.installed
MODEL_READY := .venv-model/.installed
include layers/agents/runtime_python.mk
export PYTHONPATH := layers/agents:.
# The tests start hundreds of processes: each would compile what it imports anew.
unexport PYTHONDONTWRITEBYTECODE
# One more than processors, as many tests wait for a process or for an answer that does not come.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)


.PHONY: help environments run deploy demo tuning-demo soak check-data precompute redrive forget experiment prompt tip prompt-diff evals compare contribution cases replay score-traces prompts-publish playground proxy model test test-growth test-statistics test-truth test-walks test-template test-lambda test-mlflow test-proxy test-model test-browser test-sam fuzz check fix docs scan contract build bench cases-core new-agent new-prompt lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# The second argument holds options of pip. Of the tools' packages few modules are imported: Python compiles those.
define install
	$(1) -m venv $(dir $@)
	$(dir $@)bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps $(2) -r $<
	@touch $@
endef

$(READY): locks/requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with PYTHON=…"; exit 1; }
	$(call install,$(PYTHON))

$(SAM_READY): locks/requirements-sam.txt
	$(call install,$(PYTHON),--no-compile)

$(SCAN_READY): locks/requirements-scan.txt
	$(call install,$(PYTHON),--no-compile)

$(PROXY_READY): locks/requirements-proxy.txt
	$(call install,$(PYTHON),--no-compile)

$(MLFLOW_READY): locks/requirements-mlflow.txt
	$(call install,$(PYTHON),--no-compile)

$(BROWSER_READY): locks/requirements-browser.txt
	$(call install,$(PYTHON))

$(RUNTIME_READY): locks/requirements-runtime.txt
	@test -n "$(RUNTIME_PYTHON)" || { echo "The functions' runtime is python3.13: install one, or name one with RUNTIME_PYTHON=…"; exit 1; }
	$(call install,$(RUNTIME_PYTHON))

# Not for this machine's own processor, whose flags a virtual machine may announce without having them.
MODEL_FLAGS := -DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF $(if $(filter x86_64,$(shell uname -m)),-DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON)

$(MODEL_READY): locks/requirements-model-build.txt locks/requirements-model.txt
	@command -v "$${CC:-cc}" >/dev/null && command -v "$${CXX:-c++}" >/dev/null || { \
		echo "A C++ compiler is needed to build the model's server: install g++ or clang, or name one with CC=… CXX=…"; exit 1; }
	$(call install,$(PYTHON))
	@rm $@
	@echo "The model's server is being built from its source: 4 to 5 minutes on two cores."
	CMAKE_ARGS="$(MODEL_FLAGS)" .venv-model/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--no-build-isolation --only-binary :all: --no-binary llama-cpp-python -r locks/requirements-model.txt
	@touch $@

environments: $(SAM_READY) $(SCAN_READY) $(PROXY_READY) $(MLFLOW_READY) $(RUNTIME_READY) ## Install the tools that have a separate environment

run: $(READY) ## Start the whole service on this machine (PORT, AWS_PORT, MODEL_PORT, LITELLM_URL, MLFLOW_TRACKING_URI)
	@exec $(BIN)/python -m local.run

demo: $(READY) ## Show the whole path once: a snapshot, the agents' snippets, a tip
	@exec $(BIN)/python -m local.demo

tuning-demo: $(READY) $(MLFLOW_READY) ## Show the tuning loop once: tips, feedback, cases, comparisons, an experiment (OUT=build/tuning-demo, MLFLOW_PORT)
	@exec $(BIN)/python -m local.tuning_demo --out "$$OUT"

# Values reach the programs by the environment, so that no character of theirs means anything to the shell.
REQUEST_OPTIONS = --version "$$VERSION" --slider "$$SLIDER" --locale "$$LOCALE"

prompt: $(READY) ## Print the prompt of a body or an event, without a call to a model (EVENT=events/recommend.json, VERSION, SLIDER, LOCALE)
	@$(BIN)/python -m tools.prompts.prompt_preview $(REQUEST_OPTIONS) -- "$$EVENT"

tip: $(READY) ## Ask the stand-in, or LITELLM_URL, for the tip of a body or an event: prompt, replies, checks, receipt (EVENT, VERSION, SLIDER, LOCALE)
	@$(BIN)/python -m local.tip $(REQUEST_OPTIONS) -- "$$EVENT"

prompt-diff: $(READY) ## Show two prompt versions' difference by words (A, B, EVENT=events/recommend.json; needs git)
	@$(BIN)/python -m tools.prompts.prompt_diff -- "$$EVENT" "$$A" "$$B"

BENCH_OPTIONS = --set "$$SET" --model "$$MODEL" --repeats "$$REPEATS" --out "$$OUT"

evals: $(READY) ## Run prompt versions on invented cases, and report scores and gates (VERSIONS=a,b, SET=core, MODEL=planted, REPEATS=1, OUT=build/evals)
	@$(BIN)/python -m evals.evals --versions "$$VERSIONS" $(BENCH_OPTIONS)

compare: $(READY) ## Compare version B with version A, and print a verdict (A, B, SET=held-out or core for drafts, MODEL=planted, REPEATS=1, OUT=build/evals)
	@$(BIN)/python -m evals.compare --a "$$A" --b "$$B" $(BENCH_OPTIONS)

contribution: $(READY) ## Show the contribution of each agent: its share of prompts, its tokens, the points lost without it (SET=core, VERSION, MODEL=planted, OUT=build/evals)
	@$(BIN)/python -m evals.contribution --version "$$VERSION" $(BENCH_OPTIONS)

score-traces: $(READY) ## Score served tips by their traces in MLflow, and store the scores on the traces (SINCE=1h, MLFLOW_TRACKING_URI)
	@$(BIN)/python -m evals.score_traces --since "$$SINCE"

prompts-publish: $(READY) ## Register the released prompt versions in MLflow's prompt registry, each once (MLFLOW_TRACKING_URI)
	@$(BIN)/python -m operations.prompts_publish

playground: $(READY) ## Try a request with two prompt versions on a page in the browser (PLAYGROUND_PORT=3004, SERVICE_URL, and as for run)
	@exec $(BIN)/python -m local.playground

cases: $(READY) ## Make cases of recorded requests in MLflow, without their titles (FILTER, SINCE=7d, NAME=disliked, KEEP_TITLES=1)
	@$(BIN)/python -m evals.recording --filter="$$FILTER" --since="$$SINCE" --name="$$NAME" --keep-titles="$$KEEP_TITLES"

replay: $(READY) ## Replay recorded requests with one version or two (CASES=evals/local/NAME.jsonl or SERVE_ID, A, B, MODEL=planted, KEEP_TITLES=1)
	@$(BIN)/python -m evals.recording.replay --cases="$$CASES" --serve-id="$$SERVE_ID" --keep-titles="$$KEEP_TITLES" --a "$$A" --b "$$B" \
		--model "$$MODEL" --repeats "$$REPEATS" --out "$$OUT"

soak: $(READY) ## Run precompute under load and faults, and look for every message (USERS=2000, SEED=1)
	$(BIN)/python -m local.soak.run $(if $(USERS),--users $(USERS)) $(if $(SEED),--seed $(SEED))

test: $(READY) ## Run every test that needs no container (WORKERS=3, one more than processors)
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder --durations=10

test-growth: $(READY) ## Measure how processor time grows with the size of texts that others write
	$(BIN)/python -m pytest tests/growth

test-statistics: $(READY) ## Repeat the tests of random users and inputs with ten times as many of them
	ALL_SEEDS=1 $(BIN)/python -m pytest -n $(WORKERS) -m 'all_seeds or hypothesis' $$(grep -rl --include=test_*.py -E 'testing\.seeds|planted_habits|from hypothesis' tests/unit)

test-walks: $(READY) ## Follow the walks of CONTRIBUTING.md in a copy of the repository
	$(BIN)/python -m pytest -n $(WORKERS) tests/walks

test-lambda: $(READY) $(RUNTIME_READY) $(MLFLOW_READY) build ## Run every function, as built, under Lambda's real runtime interface
	$(BIN)/python -m pytest tests/lambda

test-mlflow: $(READY) $(MLFLOW_READY) ## Send traces to a real MLflow server, by both protocols, and read them back
	$(BIN)/python -m pytest tests/mlflow

test-truth: $(READY) ## Live some weeks of planted users, and judge what the agents say to them
	$(BIN)/python -m pytest tests/truth

test-template: $(READY) $(SAM_READY) ## Expand the template as AWS does, with each combination of its main parameters
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint
	$(BIN)/python -m pytest tests/template

test-sam: $(READY) build ## Run every function in a container by `sam local` (needs Docker)
	@docker info >/dev/null 2>&1 || { echo "Docker does not answer, so sam local was not tested."; exit 1; }
	$(BIN)/python -m pytest tests/sam

test-proxy: $(READY) $(PROXY_READY) ## Ask for tips through the real LiteLLM proxy, with a reply that needs no provider
	$(BIN)/python -m pytest tests/proxy

# Without the model's environment the tests are skipped, and say why.
test-model: $(READY) $(PROXY_READY) ## Ask both endpoints for tips of the small model, behind the real LiteLLM proxy
	-@$(MAKE) --no-print-directory $(MODEL_READY)
	$(BIN)/python -m pytest tests/model

# Playwright drives a Chromium that is installed; it brings none of its own.
test-browser: $(READY) ## Use the playground, the reports and the evaluation runs in an installed Chromium (CHROMIUM=/path, else looked for)
	@export CHROMIUM="$${CHROMIUM:-$$(command -v chromium || command -v chromium-browser || command -v google-chrome)}"; \
	if [ -z "$$CHROMIUM" ]; then \
		echo "The pages were not tested, as no Chromium is installed: install one, or name one with CHROMIUM=/path."; \
	elif ! command -v "$$CHROMIUM" >/dev/null; then \
		echo "CHROMIUM is $$CHROMIUM, which is no program."; exit 1; \
	else \
		$(MAKE) --no-print-directory $(BROWSER_READY) && \
		.venv-browser/bin/python -m pytest --confcutdir=tests/browser tests/browser; \
	fi

proxy: $(PROXY_READY) ## Start the real LiteLLM proxy with local/litellm.yaml (PROXY_PORT, the providers' keys)
	@export LITELLM_MASTER_KEY="$${LITELLM_MASTER_KEY:-sk-$$($(PYTHON) -c 'import secrets; print(secrets.token_hex(16))')}"; \
	echo "To ask it: LITELLM_URL=http://127.0.0.1:$(PROXY_PORT) LITELLM_API_KEY=$$LITELLM_MASTER_KEY make run"; \
	exec .venv-proxy/bin/litellm --config local/litellm.yaml --host 127.0.0.1 --port $(PROXY_PORT)

model: $(READY) $(PROXY_READY) $(MODEL_READY) ## Start a small language model behind the real LiteLLM proxy, without a key (SMALL_MODEL_PORT, SMALL_MODEL_THREADS)
	@exec $(BIN)/python -m local.small_model.run

fuzz: $(READY) ## Send the service 10,000 generated requests, and its functions as many bodies and 2,000 events (FUZZ_REQUESTS)
	FUZZ_REQUESTS=$(or $(FUZZ_REQUESTS),10000) FUZZ_TEXTS=10000 $(BIN)/python -m pytest tests/integration/faults/test_any_request.py \
		tests/integration/faults/test_hostile_calls.py tests/unit/prompts/test_any_shown_text.py

check: $(READY) ## Lint, formatting and types; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(READY) ## Let the linter and the formatter change what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

scan: $(SAM_READY) $(SCAN_READY) ## Look for known faults in the template, the code and the layer's packages
	@tools/scan.sh

contract: $(READY) ## List changes that break callers of the last tag (TAG)
	@$(BIN)/python -m tools.contract.contract_changes $(TAG)

docs: $(READY) ## Write the documents that are generated from the code
	@$(BIN)/python -m tools.build

build: $(READY) $(SAM_READY) docs ## Write the generated documents; build what deploys, and print the size of the layer
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam build
	$(BIN)/python -m tools.layer_size
	$(BIN)/python -m tools.bill_of_materials

bench: $(READY) $(RUNTIME_READY) build ## Measure, and print ratios against something named beside them (ONLY=name)
	PATH="$(dir $(RUNTIME_PYTHON)):$$PATH" SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam build --template benchmarks/beside/template.yaml --build-dir build/beside
	$(BIN)/python -m benchmarks $(ONLY)

# These work wherever boto3's environment leads: on what `make run` prints, or on an account, there with STACK=….
ON_STACK = $(if $(STACK),--stack $(STACK))
# Values reach the programs by the environment, so that no character of theirs means anything to the shell.
NAMED = $(if $(filter command line,$(origin $(1))),,$(error Say $(1)=… with make $@))

deploy: $(READY) $(SAM_READY) ## Build the service and deploy it as stages/STAGE.toml describes it (STAGE=…, YES=1 asks nothing)
	$(call NAMED,STAGE)@$(BIN)/python -m operations.stack.deploy

check-data: $(READY) ## Show how the service reads a file of users' data, and the mapping needed; sends no data (FILE=users.jsonl)
	$(call NAMED,FILE)@$(BIN)/python -m operations.check_data -- "$$FILE"

precompute: $(READY) ## Send a file of snapshots, one per line, to PrecomputeQueue (FILE=users.jsonl, STACK)
	$(call NAMED,FILE)@$(BIN)/python -m operations.precompute $(ON_STACK) -- "$$FILE"

redrive: $(READY) ## Send dead letters back to their queue (QUEUE=ComputeQueue, RATE=20 per second, STACK)
	$(call NAMED,QUEUE)@$(BIN)/python -m operations.redrive $(ON_STACK) $(if $(RATE),--rate $(RATE)) -- "$$QUEUE"

forget: $(READY) ## Delete a user's outputs, dead letters and traces, and print what remains (USER=…, STACK)
	$(call NAMED,USER)@$(BIN)/python -m operations.forget $(ON_STACK) -- "$$USER"

experiment: $(READY) ## Compare the arms of an experiment by tips and feedback (NAME=…, FROM=mlflow or a file of log lines, CONTROL)
	$(call NAMED,NAME)@$(BIN)/python -m operations.experiment $(if $(FROM),--from "$$FROM") $(if $(FILE),--file "$$FILE") $(if $(CONTROL),--control "$$CONTROL") -- "$$NAME"

cases-core: $(READY) ## Build the sets of cases anew from planted users: figures of earlier sets do not compare
	$(BIN)/python -m evals.cases.build

new-agent: $(READY) ## Write a new agent's module and test, and register it (NAME=kebab-case)
	@$(BIN)/python -m tools.new_agent $(NAME)

new-prompt: $(READY) ## Write a new prompt version from an existing one, and register it (NAME=kebab-case, FROM)
	$(call NAMED,NAME)$(call NAMED,FROM)@$(BIN)/python -m tools.prompts.new_prompt "$$NAME" "$$FROM"

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

lock: ## Resolve the dependencies of pyproject.toml anew into the hashed locks (needs uv)
	$(COMPILE) pyproject.toml -o layers/agents/requirements.txt
	$(COMPILE) pyproject.toml --group dev -c layers/agents/requirements.txt -o locks/requirements-dev.txt
	$(COMPILE) --group pyproject.toml:runtime -o locks/requirements-runtime.txt
	$(COMPILE) --group pyproject.toml:sam -o locks/requirements-sam.txt
	$(COMPILE) --group pyproject.toml:scan -o locks/requirements-scan.txt
	$(COMPILE) --group pyproject.toml:mlflow -c layers/agents/requirements.txt -o locks/requirements-mlflow.txt
	$(COMPILE) --group pyproject.toml:beside -c layers/agents/requirements.txt -o benchmarks/beside/fastapi_mangum/requirements.txt
	$(COMPILE) --group pyproject.toml:browser -o locks/requirements-browser.txt
	$(COMPILE) --group pyproject.toml:proxy -o locks/requirements-proxy.txt
	$(COMPILE) --group pyproject.toml:model-build -o locks/requirements-model-build.txt
	$(COMPILE) --group pyproject.toml:model -c locks/requirements-model-build.txt -o locks/requirements-model.txt

clean: ## Remove what the commands above made
	rm -rf .venv .venv-* .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache build
