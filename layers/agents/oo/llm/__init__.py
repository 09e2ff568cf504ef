"""The LiteLLM client: one call at a time within one deadline, the meaning of failed calls, the reader of replies."""
