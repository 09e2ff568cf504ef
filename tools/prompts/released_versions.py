"""The released prompt versions, the newest last: those that callers and operators may name for long."""

from oo.prompts.versions import RECOMMEND_VERSIONS, UNRELEASED, VERSIONS

FOR_TIPS = tuple(version for version in RECOMMEND_VERSIONS if version not in UNRELEASED)
"""Those of `/recommend`."""

FOR_CANDIDATES = tuple(version for version in VERSIONS if version not in UNRELEASED)
"""Those of `/generate`."""
