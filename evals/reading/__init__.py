"""A tip and its prompt, read by their text alone."""
