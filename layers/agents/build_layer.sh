#!/bin/sh
# Builds a layer into ARTIFACTS_DIR: the locked packages for Lambda's machine, the code if the folder has some, and their
# bytecode. It runs in a copy of the layer's folder; layers/mlflow_client has a link to it.
set -eu
architecture=${ARCHITECTURE:-x86_64}
case $architecture in
x86_64) machine=x86_64 ;;
arm64) machine=aarch64 ;;
*)
  printf 'ARCHITECTURE is %s: it has to be x86_64 or arm64.\n' "$architecture" >&2
  exit 1
  ;;
esac
target=$ARTIFACTS_DIR/python
runtime=$(sh runtime_python.sh 2>/dev/null) || runtime=

# Wheels are resolved for another Python and another machine, so that any pip of any python3 can install them, and uv.
# The runtime's Python may have no pip.
pythons() {
  printf '%s\n' "$runtime"
  (
    IFS=:
    for folder in $PATH "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin; do
      ls -d "$folder"/python3 "$folder"/python3.[0-9]* 2>/dev/null || :
    done
  )
}

with_pip() {
  pythons | while read -r python; do
    "$python" -m pip --version >/dev/null 2>&1 </dev/null && printf '%s\n' "$python" && break
  done
}

install_packages() {
  python=$(with_pip) || :
  if [ -n "$python" ]; then
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
      --implementation cp --python-version 3.13 \
      --platform "manylinux_2_28_$machine" --platform "manylinux2014_$machine" \
      --target "$target" -r requirements.txt
    return
  fi
  if command -v uv >/dev/null; then
    uv pip install --quiet --require-hashes --no-deps --only-binary :all: \
      --python-version 3.13 --python-platform "$machine-manylinux_2_28" --target "$target" -r requirements.txt
    return
  fi
  echo "Neither a python3 with pip nor uv was found: install one of them to build the layer." >&2
  exit 1
}

install_packages
# Console scripts, caches of other Pythons, type stubs and packages' own tests.
rm -rf "$target/bin"
find "$target" -name __pycache__ -type d -prune -exec rm -rf {} +
find "$target" \( -name tests -o -name test \) -type d -prune -exec rm -rf {} +
find "$target" -name '*.pyi' -delete
# A folder of stubs alone would look like a package: one has the name of an extension that another machine cannot import.
find "$target" -mindepth 1 -type d -empty -delete
sh trim.sh "$target"
# Lambda unpacks all layers into one folder, so only one of them may have these.
if [ -d oo ]; then
  cp -R oo "$target/"
  # A working tree may have bytecode of modules that it has no more.
  find "$target/oo" -name __pycache__ -type d -prune -exec rm -rf {} +
  cp compiled_models.txt "$target/oo/validation/"
  # Certificates of a private authority, which LiteLLMCaBundle and MlflowCaBundle name.
  [ ! -d ca ] || cp -R ca "$ARTIFACTS_DIR/"
  printf '%s\n' "$architecture" >"$ARTIFACTS_DIR/architecture"
  if [ -n "$runtime" ]; then
    "$runtime" trim_endpoints.py "$target/botocore/data"
    "$runtime" write_authorities.py "$target/certifi/cacert.pem" "$target/oo/built/authorities"
  fi
fi
if [ -n "$runtime" ]; then
  "$runtime" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$target"
  [ ! -d oo ] || PYTHONPATH=$target PYTHONNOUSERSITE=1 "$runtime" -B -P prepare_starts.py
else
  echo "WARNING: no python3.13 here, so this layer has no bytecode and every cold start compiles what it imports: seconds, not" >&2
  echo "WARNING: tenths. Install one (pyenv install 3.13, or your system's python3.13), or name one: RUNTIME_PYTHON=/path sam build" >&2
fi
