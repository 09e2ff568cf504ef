#!/usr/bin/env bash
# `make doctor`: the parts that commands need on this machine, and the purpose of each that is missing. It is a script of
# the shell because Python itself may be missing. It ends with 1 where a part is missing that every command needs.
set -uo pipefail
cd "$(dirname "$0")/.."
missing=0

# Its name, its purpose, and a command whose first line of output is its version.
part() {
  local name=$1 purpose=$2 said
  shift 2
  if said=$("$@" 2>/dev/null </dev/null) && [[ -n $said ]]; then
    said=${said%%$'\n'*}
    printf 'ok       %-13s %s\n' "$name" "${said:0:70}"
  else
    printf 'missing  %-13s needed for %s\n' "$name" "$purpose"
    return 1
  fi
}

# A listener on the port accepts a connection.
port() {
  local variable=$1 number=${!1:-$2} purpose=$3
  if [[ ! $number =~ ^[0-9]{1,5}$ ]] || ((10#$number > 65535)); then
    printf 'wrong    %-13s is %q: it has to be a number from 0 to 65535\n' "$variable" "$number"
  elif ((10#$number)) && (exec 3<>"/dev/tcp/127.0.0.1/$number") 2>/dev/null; then
    printf 'taken    %-13s needed for %s; another one: %s=…\n' "port $number" "$purpose" "$variable"
  else
    printf 'ok       %-13s free\n' "port $number"
  fi
}

python=${PYTHON:-python3}
runtime=$(sh layers/agents/runtime_python.sh 2>/dev/null)
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}

part "Python" "every command: 3.11 or later (PYTHON names one; it is $python)" \
  "$python" -c 'import sys; print(sys.version.split()[0]) if sys.version_info >= (3, 11) else sys.exit(1)' || missing=1
part "venv" "every command: environments (on Debian, python3-venv)" "$python" -c 'import ensurepip, venv; print("of", __import__("sys").executable)' || missing=1
part "pip" "make build, where uv is missing as well" "$python" -m pip --version
part "git" "make prompt-diff and make contract" git --version
part "python3.13" "make build (bytecode), make bench and make test-lambda" "${runtime:-python3.13}" --version
part "SAM CLI" "make build and make deploy, which install it: make environments" .venv-sam/bin/sam --version
part "Docker" "make test-sam" docker info --format '{{.ServerVersion}}'
part "Chromium" "make test-browser" "${browser:-chromium}" --version
part "C++ compiler" "make model and make test-model" "${CXX:-c++}" --version
part "uv" "make lock, and make build where pip is missing" uv --version
port PORT 3000 "the API of make run"
port AWS_PORT 3001 "the local AWS of make run"
port MODEL_PORT 3002 "the stand-in model of make run"
port PLAYGROUND_PORT 3004 "the page of make playground"
port PROXY_PORT 4000 "make proxy"
port SMALL_MODEL_PORT 4001 "make model"
port MLFLOW_PORT 5000 "make tuning-demo"
exit "$missing"
