"""Programs that an operator runs by hand, on this machine or in AWS: boto3's own environment decides."""
