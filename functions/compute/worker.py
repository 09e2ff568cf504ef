"""`ComputeQueue`: one agent's job in, one stored output out."""

from oo.bootstrap import compute_worker

handler = compute_worker.handler()
