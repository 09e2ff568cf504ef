#!/bin/sh
# Removes files from the built layer that sending traces by MLflow's client never imports. The list was found by
# importing everything that it does import; tests/lambda sends traces with the result.
set -eu
cd "$1"

# Google's and Databricks' sign-in, the MLflow server and its model flavours: sending traces uses none of them.
rm -rf cryptography cryptography-* cffi cffi-* _cffi_backend*.so pycparser pycparser-* google google_auth-* \
  pyasn1 pyasn1-* pyasn1_modules pyasn1_modules-* uvicorn uvicorn-* databricks/sdk/service
rm -rf mlflow/server mlflow/assistant

# MLflow's client runs `git` to tag traces with the commit of its folder, if this package is installed.
rm -rf git gitdb smmap gitpython-* gitdb-* smmap-*
