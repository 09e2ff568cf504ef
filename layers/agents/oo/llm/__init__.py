"""The LiteLLM client: one call at a time within one deadline, what a failed call means, reading a reply."""
