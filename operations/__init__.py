"""What an operator does by hand, on this machine or in AWS: wherever boto3's own environment leads."""
