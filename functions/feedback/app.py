"""POST /feedback: what a user did with a tip in, one message on FeedbackQueue out."""

from oo.bootstrap import feedback

handler = feedback.handler()
