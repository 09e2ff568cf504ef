"""Feedback on served tips: taken in, queued, and kept as MLflow's assessments."""
