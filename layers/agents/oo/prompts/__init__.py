"""The prompt of the language model: the slider's voice, untrusted text made safe, messages, prompt versions."""
