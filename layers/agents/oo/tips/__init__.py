"""Prompts and the language model combined: one tip, several candidates, or a template tip."""
