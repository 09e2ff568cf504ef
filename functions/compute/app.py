"""POST /agents/{agent_id}/compute: tasks and history in, one agent's snippet out."""

from oo.bootstrap import compute

handler = compute.handler()
