"""The LiteLLM client: one call at a time within one deadline, classification of errors, parsing of replies."""
