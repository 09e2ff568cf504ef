#!/bin/sh
# Removes files from the built layer that the functions never import. The list was found by importing everything that
# they do import; tests/lambda runs every function on the result.
set -eu
cd "$1"

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
