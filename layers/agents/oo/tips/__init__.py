"""Prompts and the language model together: recommend one tip, generate candidates, or a tip without a model."""
