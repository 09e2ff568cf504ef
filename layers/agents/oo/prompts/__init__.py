"""What the language model is told: the slider's voice, untrusted text made safe, messages, prompt versions."""
