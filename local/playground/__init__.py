"""A page on this machine that asks the service with two prompt versions and shows both tips."""
