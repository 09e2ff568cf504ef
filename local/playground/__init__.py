"""A page on this machine that requests tips with two prompt versions and shows both."""
