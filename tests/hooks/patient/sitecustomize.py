"""Python imports this module first where its folder comes first: the function then waits 60 s for AWS and MLflow."""

from testing.patience import wait_for_aws, wait_for_exports

wait_for_aws(setattr)
wait_for_exports(setattr)
