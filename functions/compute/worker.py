"""`ComputeQueue`: one agent's job in, one stored output out."""

from oo import bootstrap

handler = bootstrap.compute_worker()
