"""POST /agents/{agent_id}/infer: history in, one agent's learned preferences out."""

from oo.bootstrap import infer

handler = infer.handler()
