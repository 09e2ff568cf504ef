"""The form of a snippet's line, stated apart from the code that writes and reads it."""

import re

from oo.contract.kinds import Kind

LINE_GRAMMAR = re.compile(rf"^\[({'|'.join(Kind)})\|[123]\] Fact: .+? Move: .+?( Care: .+)?$")
