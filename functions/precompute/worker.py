"""`PrecomputeQueue`: one user's snapshot in, one job per agent out."""

from oo.bootstrap import precompute_worker

handler = precompute_worker.handler()
