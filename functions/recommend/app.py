"""POST /recommend: snippets and tasks in, one tip out."""

from oo.bootstrap import recommend

handler = recommend.handler()
