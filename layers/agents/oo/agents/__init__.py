"""What the service can say about one user's tasks: agents, their manifests and the normaliser they share."""
