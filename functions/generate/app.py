"""POST /generate: tasks in, several tip candidates out."""

from oo.bootstrap import generate

handler = generate.handler()
