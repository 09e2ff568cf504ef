"""`PrecomputeQueue`: one user's snapshot in, one job per agent out."""

from oo import bootstrap

handler = bootstrap.precompute_worker()
