"""Learning preferences from a user's history, where the evidence supports it."""
