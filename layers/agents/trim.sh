#!/bin/sh
# Removes files from the built layer that the functions never import. The list was found by importing everything that
# they do import; tests/lambda runs every function on the result.
set -eu
cd "$1"

# The command line of httpx: without it, importing httpx does not import click.
rm -f httpx/_main.py

# Powertools' router and the utilities that no function uses, and X-Ray's patches for other packages.
rm -rf aws_lambda_powertools/event_handler aws_xray_sdk/ext/*/
for folder in aws_lambda_powertools/utilities/*/; do
  case "$folder" in
    */batch/ | */circuit_breaker/ | */data_classes/ | */jmespath_utils/ | */parameters/ | */typing/) ;;
    *) rm -rf "$folder" ;;
  esac
done

# Models of AWS services: the functions call the first three, and credentials are exchanged with sts.
for folder in botocore/data/*/; do
  case "$folder" in
    */dynamodb/ | */sqs/ | */secretsmanager/ | */sts/) ;;
    *) rm -rf "$folder" ;;
  esac
done
rm -f botocore/data/*/*/examples-1.json
rm -rf botocore/data/dynamodb/2011-12-05 boto3/examples boto3/data/ec2 boto3/data/s3 boto3/data/glacier boto3/data/iam boto3/data/cloudformation \
  boto3/data/cloudwatch boto3/data/opsworks boto3/data/sns
