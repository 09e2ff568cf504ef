#!/bin/sh
# Prints a python3.13 of this machine that runs: RUNTIME_PYTHON, else one on the path, else pyenv's newest.
# A pyenv shim on the path may name a version that is not switched on, so each candidate is tried.
runs() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; }
if [ -n "${RUNTIME_PYTHON:-}" ]; then
  runs "$RUNTIME_PYTHON" && printf '%s\n' "$RUNTIME_PYTHON" && exit
  printf 'RUNTIME_PYTHON is %s, which is no python3.13: name another one.\n' "$RUNTIME_PYTHON" >&2
  exit 1
fi
for python in python3.13 $(ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3.13 2>/dev/null | sort -Vr); do
  runs "$python" && command -v "$python" && exit
done
echo "No python3.13 was found, which is the functions' runtime: install one, or name one with RUNTIME_PYTHON=…." >&2
exit 1
