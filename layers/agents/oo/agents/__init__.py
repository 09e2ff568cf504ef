"""The agents: the statements about one user's tasks, with their manifests."""
