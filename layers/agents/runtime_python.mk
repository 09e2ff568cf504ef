# RUNTIME_PYTHON: a python3.13 of this machine that runs, on the path or pyenv's newest; empty where there is none.
# A pyenv shim on the path may name a version that is not switched on, so each candidate is tried.
RUNTIME_PYTHON ?= $(shell for python in python3.13 $$(ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13.*/bin/python3.13 2>/dev/null | sort -Vr); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && echo "$$python" && break; done)
