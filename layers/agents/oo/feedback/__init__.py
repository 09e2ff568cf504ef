"""Feedback on served tips: received, queued, and stored as MLflow assessments."""
