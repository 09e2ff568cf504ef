"""The names of all environment variables that `bootstrap` reads."""

from oo.bootstrap.settings import KINDS

VARIABLES = frozenset(name.upper() for kind in KINDS for name in kind.model_fields)
