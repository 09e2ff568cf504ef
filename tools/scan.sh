#!/usr/bin/env bash
# `make scan`: what tools that know faults of others find here. Ends with the number of scans that found something.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
findings=0

scan() {
  printf '\n== %s\n' "$1"
  shift
  "$@" || findings=$((findings + 1))
}

deployments() {
  rm -rf build/scan
  PYTHONPATH=.:layers/agents .venv-sam/bin/python -m tests.template.scanned build/scan
}

# SAM has read the parameter and the mapping that it left in the template.
lint() {
  .venv-sam/bin/cfn-lint --ignore-checks W2001 W7001 -- build/scan/expanded/*.json
}

policies() {
  local files=()
  for file in build/scan/decided/*.json; do files+=(-f "$file"); done
  .venv-scan/bin/checkov --config-file .checkov.yaml "${files[@]}"
}

# Without an answer of the advisories' server nothing is known, which is not the same as nothing found.
audit() {
  local said
  said=$(.venv-scan/bin/pip-audit --strict --disable-pip --require-hashes -r "$1" 2>&1)
  local code=$?
  if [[ $code -ne 0 ]] && ! grep -q 'known vulnerabilit' <<<"$said"; then
    echo "pip-audit: NOT RUN, its advisories cannot be reached. This says nothing about the packages."
    tail -n 1 <<<"$said"
    return 0
  fi
  echo "$said"
  return $code
}

scan "sam validate" env SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint
scan "deployments with different parameters" deployments
scan "cfn-lint, on what CloudFormation gets of each" lint
scan "checkov, on what comes of each" policies
scan "bandit" .venv-scan/bin/bandit --quiet --recursive layers/agents/oo functions operations
scan "pip-audit, on the layer's lock" audit layers/agents/requirements.txt
scan "pip-audit, on the lock of the layer of MLflow's client" audit layers/mlflow_client/requirements.txt
printf '\n%s scans found something.\n' "$findings"
exit "$findings"
