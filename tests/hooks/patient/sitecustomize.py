"""Python imports this module at its start if its folder is on the path: the function waits 60 s for AWS and MLflow."""

from testing.patience import wait_for_aws, wait_for_exports

wait_for_aws(setattr)
wait_for_exports(setattr)
