"""The prompt versions in template.yaml: its closed lists and the arms of an experiment, from the released versions."""

import re

from local.deployment.environment import ROOT
from tools.prompts.released_versions import FOR_CANDIDATES, FOR_TIPS

DOCUMENT = ROOT / "template.yaml"

_WEIGHT = r"=(100|[1-9]?[0-9])"
_ARM = rf"({'|'.join(FOR_TIPS)}|slider-(100|[1-9]?[0-9])){_WEIGHT}"


def render() -> str:
    """The template of the repository with these lines rewritten."""
    text = DOCUMENT.read_text(encoding="utf-8")
    text = _with_line(text, "DefaultPromptVersion", "AllowedValues", f"[{', '.join(FOR_CANDIDATES)}]")
    text = _with_line(text, "DefaultRecommendVersion", "AllowedValues", f"[{', '.join(FOR_TIPS)}]")
    return _with_line(text, "Experiment", "AllowedPattern", rf"^$|^[a-z0-9-]{{1,32}}:{_ARM}(,{_ARM})+$")


def _with_line(text: str, parameter: str, key: str, value: str) -> str:
    """The text with another value for an existing key of a parameter."""
    line = re.compile(rf"(?m)(^  {parameter}:\n(?:    .*\n)*?    {key}: ).*$")
    replaced, count = line.subn(lambda found: found[1] + value, text)
    if count != 1:
        raise ValueError(f"template.yaml has no {key} of {parameter}")
    return replaced
