"""The limits of requests. All of them are published in the OpenAPI document."""

MAX_BODY_BYTES = 1024 * 1024
MAX_ITEMS = 2_000
"""Tasks, feedback events and completions, each."""

MAX_KEYS = 256
"""Of `profile`, `profile_features`, `agent_prefs` and `extra`, each."""

MAX_PROBLEMS = 20
"""Problems that an answer to an unusable body lists; one entry more counts the rest."""

LARGEST_ANSWER_BYTES = 1_000_000
"""Lambda itself refuses answers over 6 MB."""

MAX_DEPTH = 8
"""Containers inside each other, the body itself being the first."""

MAX_USER_ID_CHARACTERS = 256
MAX_ZONE_CHARACTERS = 64
MAX_SNIPPETS = 100
MAX_SNIPPET_CHARACTERS = 2_000
MAX_RECENT_TIPS = 100
MAX_CANDIDATES = 20
MAX_COMMENT_CHARACTERS = 500

EARLIEST_YEAR = 2000
LATEST_YEAR = 2100
"""The first year that is no longer accepted."""
