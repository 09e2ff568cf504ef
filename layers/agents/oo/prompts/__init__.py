"""The prompt of the language model: the slider's voice, escaped untrusted text, messages, prompt versions."""
