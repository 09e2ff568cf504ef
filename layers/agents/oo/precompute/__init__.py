"""From one snapshot of a user to one job an agent that has something to do."""
