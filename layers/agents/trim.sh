#!/bin/sh
# Removes files from a built layer that the functions never import. The list was found by importing everything that
# they do import, with both trace protocols; tests/lambda runs every function on the result.
set -eu
cd "$1"

# Console scripts, caches of other Pythons, type stubs and packages' own tests.
rm -rf bin
find . -name __pycache__ -type d -prune -exec rm -rf {} +
find . -name '*.pyi' -delete
find . \( -name tests -o -name test \) -type d -not -path './oo/*' -prune -exec rm -rf {} +

# Google's and Databricks' sign-in, the MLflow server and its model flavours: sending traces uses none of them.
rm -rf cryptography cryptography-* cffi cffi-* _cffi_backend*.so pycparser pycparser-* google/auth google/oauth2 \
  google_auth-* pyasn1 pyasn1-* pyasn1_modules pyasn1_modules-* uvicorn uvicorn-* databricks/sdk/service
rm -rf mlflow/server mlflow/assistant

# MLflow's client runs `git` to tag traces with the commit of its folder, if this package is installed.
rm -rf git gitdb smmap gitpython-* gitdb-* smmap-*

# The command line of httpx: without it, importing httpx does not import click.
rm -f httpx/_main.py

# Models of AWS services: the functions call the first three, and credentials are exchanged with sts.
for folder in botocore/data/*/; do
  case "$folder" in
    */dynamodb/ | */sqs/ | */secretsmanager/ | */sts/) ;;
    *) rm -rf "$folder" ;;
  esac
done
rm -rf boto3/examples boto3/data/ec2 boto3/data/s3 boto3/data/glacier boto3/data/iam boto3/data/cloudformation \
  boto3/data/cloudwatch boto3/data/opsworks boto3/data/sns
