"""`FeedbackQueue`: one piece of feedback in, one MLflow assessment out."""

from oo.bootstrap import feedback_worker

handler = feedback_worker.handler()
