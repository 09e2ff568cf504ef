"""Programs that set up, deploy and try a stack: each reads one file of `stages/`."""
