# The commands of this repository. `make` or `make help` lists them; each builds its requirements first.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Values reach the programs by the environment, so that no character of theirs means anything to make or to a shell.
# make would expand a value of its command line where it is used or exported: `override` keeps it to the letter.
override GIVEN :=
$(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),\
	$(eval export $(name))$(eval override $(name) := $$(value $(name)))$(eval override GIVEN += $(name))))
# A login sets USER, and WSL sets NAME: of these, only a value of make's own command line counts.
$(foreach name,FILE FROM NAME QUEUE STAGE USER,$(if $(filter $(name),$(GIVEN)),,$(eval unexport $(name))))
export PYTHON ?= python3
export PYTHON_GIVEN := $(if $(filter file,$(origin PYTHON)),,yes)
export PYTHONPATH := layers/agents:.
# The tests start hundreds of processes, each of which would compile its imports again.
unexport PYTHONDONTWRITEBYTECODE

# A recipe holds no value of a variable that a person may set, only names: "$$NAME" is the shell's, read as one word.
override BIN := .venv/bin
# With the env of GNU, Ctrl-C waits until Python has started, whose start would end with a traceback.
override QUIET := $(shell env --block-signal=INT true 2>/dev/null && echo env --block-signal=INT)
override RUN := exec $(QUIET) $(BIN)/python -m commands
override SAM := SAM_CLI_TELEMETRY=0 exec $(QUIET) .venv-sam/bin/python -m commands samcli.cli.main:cli

# Files that are newer than the locks they were installed from. `.venv` has what the programs need, and with TOOLS what
# tests and checks need as well. Packages that pin hard have environments of their own.
override READY := .venv/.installed
override TOOLS := .venv/.tools
override SAM_READY := .venv-sam/.installed
override SCAN_READY := .venv-scan/.installed
override SBOM_READY := .venv-sbom/.installed
override RUNTIME_READY := .venv-runtime/.installed
override PROXY_READY := .venv-proxy/.installed
override MLFLOW_READY := .venv-mlflow/.installed
override BENCH_READY := .venv-bench/.installed
override BROWSER_READY := .venv-browser/.installed
override MODEL_READY := .venv-model/.installed
override PEERS_READY := build/beside/.ready

.PHONY: FORCE help doctor demo run environments prompt tip prompt-diff new-prompt release-prompt playground proxy \
	mlflow model evals compare contribution cases replay cases-core score-traces prompts-publish experiment \
	tuning-demo check-data precompute redrive forget secret deploy smoke new-agent check fix docs contract lint-api release scan build sbom \
	lock clean test test-growth test-statistics test-walks test-lambda test-mlflow test-truth test-template \
	test-sam test-proxy test-model test-browser fuzz soak bench bench-builds bench-peers bench-charts

# The first argument is a word of the shell; the second holds options of pip.
define install
	@[ -n "$(1)" ] || { echo "PYTHON is empty: name a Python with PYTHON=…, or leave it out." >&2; exit 1; }; \
	command -v "$(1)" >/dev/null || { printf '%s was not found: install it, or name another Python with PYTHON=….\n' "$(1)" >&2; exit 1; }; \
	[ "$$("$(1)" -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null)" = True ] || { \
		printf '%s does not run, or is older than Python 3.11: name another one with PYTHON=….\n' "$(1)" >&2; exit 1; }; \
	exec $(QUIET) "$(1)" -m commands commands.environment $@ $< $(2)
endef
# An environment is checked again if its Python is missing, or if another Python may be requested.
override again = $(if $(and $(realpath $(1)/bin/python),$(filter undefined file,$(origin $(2)))),,FORCE)

# Of most packages few modules are imported: Python compiles those when it imports them.
$(READY): locks/requirements-local.txt $(call again,.venv,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(TOOLS): locks/requirements-dev.txt $(READY)
	$(call install,$(BIN)/python,--no-compile)

$(SAM_READY): locks/requirements-sam.txt $(call again,.venv-sam,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(SCAN_READY): locks/requirements-scan.txt $(call again,.venv-scan,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(SBOM_READY): locks/requirements-sbom.txt $(call again,.venv-sbom,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(PROXY_READY): locks/requirements-proxy.txt $(call again,.venv-proxy,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(MLFLOW_READY): locks/requirements-mlflow.txt $(call again,.venv-mlflow,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(BENCH_READY): locks/requirements-bench.txt $(call again,.venv-bench,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(BROWSER_READY): locks/requirements-browser.txt $(call again,.venv-browser,PYTHON)
	$(call install,$$PYTHON,--no-compile)

$(RUNTIME_READY): locks/requirements-runtime.txt $(call again,.venv-runtime,RUNTIME_PYTHON)
	@PYTHON=$$(sh layers/agents/runtime_python.sh) || exit 1; export PYTHON_GIVEN=yes; \
	exec $(QUIET) "$$PYTHON" -m commands commands.environment $@ $<

# Not for this machine's own processor, whose flags a virtual machine may announce without having them.
override MODEL_FLAGS := -DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF $(if $(filter x86_64,$(shell uname -m)),-DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON)

.venv-model/.build-tools: locks/requirements-model-build.txt $(call again,.venv-model,PYTHON)
	$(call install,$$PYTHON)

$(MODEL_READY): locks/requirements-model.txt .venv-model/.build-tools
	@command -v "$${CC:-cc}" >/dev/null && command -v "$${CXX:-c++}" >/dev/null || { \
		echo "A C++ compiler is needed to build the model's server: install g++ or clang, or name one with CC=… CXX=…" >&2; exit 1; }
	@echo "The model's server is being built from its source: 4 to 5 minutes on two cores."
	@export CMAKE_ARGS="$(MODEL_FLAGS)"; exec $(QUIET) .venv-model/bin/python -m commands commands.environment $@ $< \
		--no-build-isolation --only-binary :all: --no-binary llama-cpp-python

##@ Start

help: ## List the commands
	@grep -hE '^([a-z-]+:.*## |##@ )' Makefile | awk -F ':.*## |##@ ' '/^##@/ {printf "\n%s\n", $$2; next} {printf "  make %-15s %s\n", $$1, $$2}'

doctor: ## Check the programs and ports that the commands need, and print the use of each missing one
	@exec tools/doctor.sh

demo: $(READY) ## Show the whole path once: a snapshot, the agents' snippets, a tip
	@$(RUN) local.demo

run: $(READY) ## Start the whole service on this machine (PORT, AWS_PORT, MODEL_PORT, LITELLM_URL, MLFLOW_TRACKING_URI, LOGS=json)
	@$(RUN) local.run

environments: $(SAM_READY) $(SCAN_READY) $(PROXY_READY) $(MLFLOW_READY) $(RUNTIME_READY) ## Install the tools that have a separate environment

##@ Prompts and tips

prompt: $(READY) ## Print the prompt of a body or an event, without a call to a model (EVENT=events/recommend.json, VERSION, SLIDER, LOCALE)
	@$(RUN) tools.prompts.prompt_preview

tip: $(READY) ## Request a tip from the stand-in, or LITELLM_URL, for a body or an event: prompt, replies, checks, receipt (EVENT, VERSION, SLIDER, LOCALE)
	@$(RUN) local.tip

prompt-diff: $(READY) ## Show two prompt versions' difference by words (A, B, EVENT=events/recommend.json; needs git)
	@$(RUN) tools.prompts.prompt_diff

new-prompt: $(READY) ## Write a new prompt version from an existing one, and register it (NAME=kebab-case, FROM)
	@$(RUN) tools.prompts.new_prompt

release-prompt: $(READY) ## Release a prompt version: from then on no character of its messages changes (NAME)
	@$(RUN) tools.prompts.release_prompt

playground: $(READY) ## Try a request with two prompt versions on a page in the browser (PLAYGROUND_PORT=3004, SERVICE_URL, and as for run)
	@$(RUN) local.playground

proxy: $(READY) $(PROXY_READY) ## Start the real LiteLLM proxy (PROXY_PORT=4000, PROXY_CONFIG=local/litellm.yaml, the providers' keys; or MOCK=1)
	@$(RUN) local.run_proxy

mlflow: $(READY) $(MLFLOW_READY) ## Start a real MLflow server for traces and feedback (MLFLOW_PORT=5000)
	@$(RUN) local.run_mlflow

model: $(READY) $(PROXY_READY) $(MODEL_READY) ## Start a small language model behind the real LiteLLM proxy, without a key (SMALL_MODEL_PORT, SMALL_MODEL_THREADS)
	@$(RUN) local.small_model.run

##@ Evaluation

evals: $(READY) ## Run prompt versions on invented cases, and report scores and gates (VERSIONS=a,b, SET=core, MODEL=planted, REPEATS=1, OUT=build/evals)
	@$(RUN) evals.evals

compare: $(READY) ## Compare version B with version A, and print a verdict (A, B, SET=held-out or core for drafts, MODEL=planted, REPEATS=1, OUT=build/evals)
	@$(RUN) evals.compare

contribution: $(READY) ## Show the contribution of each agent: its share of prompts, its tokens, the points lost without it (SET=core, VERSION, MODEL=planted, OUT=build/evals)
	@$(RUN) evals.contribution

cases: $(READY) ## Make cases of recorded requests in MLflow, without their titles (FILTER, SINCE=7d, NAME=disliked, KEEP_TITLES=1)
	@$(RUN) evals.recording

replay: $(READY) ## Replay recorded requests with one version or two (CASES=evals/local/NAME.jsonl or SERVE_ID, A, B, MODEL=planted, KEEP_TITLES=1)
	@$(RUN) evals.recording.replay

cases-core: $(READY) ## Build the sets of cases from planted users again: figures of earlier sets are not comparable
	@$(RUN) evals.cases.build

score-traces: $(READY) ## Score served tips by their traces in MLflow, and store the scores on the traces (SINCE=1h, MLFLOW_TRACKING_URI)
	@$(RUN) evals.score_traces

prompts-publish: $(READY) ## Register the released prompt versions in MLflow's prompt registry, each once (MLFLOW_TRACKING_URI)
	@$(RUN) operations.prompts_publish

experiment: $(READY) ## Compare the arms of an experiment by tips and feedback (NAME=…, FROM=mlflow or a file of log lines, CONTROL)
	@$(RUN) operations.experiment

tuning-demo: $(READY) $(MLFLOW_READY) ## Show the tuning loop once: tips, feedback, cases, comparisons, an experiment (OUT=build/tuning-demo, MLFLOW_PORT)
	@$(RUN) local.tuning_demo

##@ Operation, here or, with STACK=…, in an account

check-data: $(READY) ## Show how the service reads a file of users' data, and the mapping needed; sends no data (FILE=users.jsonl)
	@$(RUN) operations.check_data

precompute: $(READY) ## Send a file of snapshots, one per line, to PrecomputeQueue (FILE=users.jsonl, STACK)
	@$(RUN) operations.precompute

redrive: $(READY) ## Send dead letters back to their queue (QUEUE=ComputeQueue, RATE=20 per second, STACK)
	@$(RUN) operations.redrive

forget: $(READY) ## Delete a user's outputs, dead letters and traces, and print what remains (USER=…, STACK)
	@$(RUN) operations.forget

# These use boto3's environment: the variables that `make run` prints, or an account, then with STACK=….
secret: $(READY) ## Store a key from standard input in Secrets Manager, its ARN in the stage's file (STAGE=…, KIND=proxy, mlflow or pseudonyms)
	@$(RUN) operations.stack.secret

deploy: $(READY) $(SAM_READY) ## Build the service and deploy it as stages/STAGE.toml describes it (STAGE=…, YES=1 skips the confirmation)
	@$(RUN) operations.stack.deploy

smoke: $(READY) ## Request one tip from the deployed stack, and print it with its receipt (STAGE=…, TOKEN)
	@$(RUN) operations.stack.smoke

##@ Code and documents

new-agent: $(READY) ## Write a new agent's module and test, and register it (NAME=kebab-case)
	@$(RUN) tools.new_agent

check: $(TOOLS) ## Lint, formatting and types; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(RUN) mypy.__main__:console_entry

fix: $(TOOLS) ## Fix the findings of the linter and the formatter that they can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## Write the documents that are generated from the code
	@$(RUN) tools.build

contract: $(READY) ## List changes that break callers of the last release, and have no reason (TAG)
	@$(RUN) tools.contract.contract_changes

# Redocly runs on Node.js. Without it, or without a registry of npm packages, nothing is linted, and that is printed.
lint-api: ## Lint docs/openapi.json by Redocly's recommended rules (needs npx)
	@export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npm_config_fetch_retries=0; \
	if npx --yes @redocly/cli@2.77.0 --version >/dev/null 2>&1; then \
		exec npx --yes @redocly/cli@2.77.0 lint docs/openapi.json --extends recommended; \
	else \
		echo "docs/openapi.json was not linted, as npx could not install Redocly CLI."; \
	fi

release: $(READY) ## Make a release of the working tree, and print what callers have to do (VERSION=0.2.0)
	@$(RUN) tools.release

scan: $(SAM_READY) $(SCAN_READY) ## Look for known faults in the template, the code and the layer's packages
	@tools/scan.sh

build: $(READY) $(SAM_READY) docs ## Write the generated documents; build the deployment, and print the size of the layer
	@$(SAM) build
	@$(RUN) tools.layer_size

# Without its own packages (-S) and without a network, Python finds those of the layer, whose metadata hold the licences.
sbom: $(SBOM_READY) build ## List the packages of each built layer with their licences: build/sbom.json, build/sbom-mlflow-client.json (CycloneDX 1.6)
	@mkdir -p build; for part in AgentsLayer:sbom MlflowClientLayer:sbom-mlflow-client; do \
		PYTHONPATH=.aws-sam/build/$${part%:*}/python:. $(QUIET) .venv-sbom/bin/python -m commands \
			cyclonedx_py._internal.cli:run environment -S --gather-license-texts --short-PURLs --output-reproducible \
			--spec-version 1.6 --output-file build/$${part#*:}.json .venv-sbom/bin/python || exit; \
		echo "wrote build/$${part#*:}.json"; \
	done

override COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

# The second layer is what the first one leaves: MLflow's client with its packages, and anyio, which httpx needs for async calls
# only and would import at each start.
lock: ## Resolve the dependencies of pyproject.toml into the hashed locks (needs uv)
	@command -v uv >/dev/null || { echo "uv was not found: install it, then run make lock again." >&2; exit 1; }
	$(COMPILE) pyproject.toml -o locks/requirements-functions.txt
	$(COMPILE) pyproject.toml --excludes <(printf 'anyio\nmlflow-skinny\n') -c locks/requirements-functions.txt -o layers/agents/requirements.txt
	$(COMPILE) pyproject.toml -c locks/requirements-functions.txt -o layers/mlflow_client/requirements.txt \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' layers/agents/requirements.txt)
	$(COMPILE) pyproject.toml --group local -c locks/requirements-functions.txt -o locks/requirements-local.txt
	$(COMPILE) pyproject.toml --group dev -c locks/requirements-local.txt -o locks/requirements-dev.txt
	$(COMPILE) --group pyproject.toml:runtime -o locks/requirements-runtime.txt
	$(COMPILE) --group pyproject.toml:sam -o locks/requirements-sam.txt
	$(COMPILE) --group pyproject.toml:scan -o locks/requirements-scan.txt
	$(COMPILE) --group pyproject.toml:sbom -o locks/requirements-sbom.txt
	$(COMPILE) --group pyproject.toml:mlflow -c locks/requirements-functions.txt -o locks/requirements-mlflow.txt
	$(COMPILE) --group pyproject.toml:beside -c locks/requirements-functions.txt -o benchmarks/beside/fastapi_mangum/requirements.txt
	$(COMPILE) --group pyproject.toml:strands-agent -o benchmarks/beside/strands_agent/requirements.txt
	$(COMPILE) --group pyproject.toml:langgraph-graph -o benchmarks/beside/langgraph_graph/requirements.txt
	$(COMPILE) --group pyproject.toml:bench -o locks/requirements-bench.txt
	$(COMPILE) --group pyproject.toml:browser -o locks/requirements-browser.txt
	$(COMPILE) --group pyproject.toml:proxy -o locks/requirements-proxy.txt
	$(COMPILE) --group pyproject.toml:model-build -o locks/requirements-model-build.txt
	$(COMPILE) --group pyproject.toml:model -c locks/requirements-model-build.txt -o locks/requirements-model.txt

clean: ## Remove the files that the commands above created
	rm -rf .venv .venv-* .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache build

##@ Tests and measurements

test: $(TOOLS) ## Run every test that needs no container (WORKERS=3, one more than processors)
	@$(RUN) tools.tests --parallel --no-loadscope-reorder --durations=10

test-growth: $(TOOLS) ## Measure how processor time grows with the size of texts that others write
	@$(RUN) tools.tests tests/growth

test-statistics: $(TOOLS) ## Repeat the tests of random users and inputs with ten times as many of them
	@ALL_SEEDS=1 $(RUN) tools.tests --parallel -m 'all_seeds or hypothesis' $$(grep -rl --include=test_*.py -E 'testing\.seeds|planted_habits|from hypothesis' tests/unit tests/integration/faults/test_obedient_model.py)

test-walks: $(TOOLS) ## Follow the walks of CONTRIBUTING.md and of the pages, the demo and a soak run; look for planted secrets in all output
	@$(RUN) tools.tests --parallel tests/walks

test-lambda: $(TOOLS) $(RUNTIME_READY) $(MLFLOW_READY) build ## Run every function, as built, under Lambda's real runtime interface
	@$(RUN) tools.tests tests/lambda

test-mlflow: $(TOOLS) $(MLFLOW_READY) ## Send traces to a real MLflow server, by both protocols, and read them back
	@$(RUN) tools.tests tests/mlflow

test-truth: $(TOOLS) ## Simulate some weeks of planted users, and judge the agents' sentences
	@$(RUN) tools.tests tests/truth

test-template: $(TOOLS) $(SAM_READY) ## Expand the template as AWS does, with each combination of its main parameters
	@$(SAM) validate --lint
	@$(RUN) tools.tests tests/template

test-sam: $(TOOLS) build ## Run every function in a container by `sam local` (needs Docker)
	@docker info >/dev/null 2>&1 || { echo "Docker does not answer, so sam local was not tested: start it, then run make test-sam again." >&2; exit 1; }
	@$(RUN) tools.tests tests/sam

test-proxy: $(TOOLS) $(PROXY_READY) ## Ask for tips through the real LiteLLM proxy, with a reply that needs no provider
	@$(RUN) tools.tests tests/proxy

# Without the model's environment the tests are skipped with the reason.
test-model: $(TOOLS) $(PROXY_READY) ## Ask both endpoints for tips of the small model, behind the real LiteLLM proxy
	-@$(MAKE) --no-print-directory $(MODEL_READY)
	@$(RUN) tools.tests tests/model

# Playwright drives a Chromium that is installed; it brings none of its own.
test-browser: $(TOOLS) ## Use the playground, the reports and the evaluation runs in an installed Chromium (CHROMIUM=/path, else looked for)
	@export CHROMIUM="$${CHROMIUM:-$$(command -v chromium || command -v chromium-browser || command -v google-chrome)}"; \
	if [ -z "$$CHROMIUM" ]; then \
		echo "The pages were not tested, as no Chromium is installed: install one, or name one with CHROMIUM=/path."; \
	elif ! command -v "$$CHROMIUM" >/dev/null; then \
		printf 'CHROMIUM is %s, which is no program: name another one.\n' "$$CHROMIUM" >&2; exit 1; \
	else \
		$(MAKE) --no-print-directory $(BROWSER_READY) && \
		.venv-browser/bin/python -m pytest --confcutdir=tests/browser tests/browser; \
	fi

fuzz: $(TOOLS) ## Send the service 10,000 generated requests, and its functions as many bodies and 2,000 events (FUZZ_REQUESTS)
	@FUZZ_TEXTS=10000 $(RUN) tools.tests --fuzz tests/integration/faults/test_any_request.py \
		tests/integration/faults/test_hostile_calls.py tests/unit/prompts/test_any_shown_text.py

soak: $(READY) ## Run precompute under load and faults, and look for every message (USERS=2000, SEED=1)
	@$(RUN) local.soak.run

bench: $(READY) ## Measure, and print ratios to named references (ONLY=names; RUNS, PAUSE for spread; USERS, WEEKS, SEED, NULLS, COMBINATIONS for truth)
	@$(RUN) benchmarks

# Draws the figures of docs/bench.json; `benchmarks` asks for it.
bench-charts: $(BENCH_READY)
	@exec .venv-bench/bin/python benchmarks/draw/draw.py docs/bench.json docs

# What cold_start, recommend and worker start; `benchmarks` asks for it.
bench-builds: $(RUNTIME_READY) build
	@runtime=$$(sh layers/agents/runtime_python.sh) || exit 1; export PATH="$${runtime%/*}:$$PATH"; \
	sh benchmarks/build_first.sh

# What cold_start and recommend compare with; `benchmarks` asks for it.
bench-peers: $(PEERS_READY)

$(PEERS_READY): $(wildcard benchmarks/beside/*.yaml benchmarks/beside/*/*) $(RUNTIME_READY) $(SAM_READY)
	@runtime=$$(sh layers/agents/runtime_python.sh) || exit 1; export PATH="$${runtime%/*}:$$PATH"; \
	$(SAM) build --template benchmarks/beside/template.yaml --build-dir build/beside
	@rm -rf build/beside-compiled && cp -R build/beside build/beside-compiled
	@"$$(sh layers/agents/runtime_python.sh)" -m compileall -q -j 0 --invalidation-mode unchecked-hash build/beside-compiled
	@touch $@
