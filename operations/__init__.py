"""Programs that an operator runs by hand, on this machine or in AWS, as boto3's environment decides."""
