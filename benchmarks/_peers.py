"""The endpoint /recommend with other tools, as `sam build` ships them, and the same with bytecode.

`sam build` compiles nothing, so each start of what it ships compiles all imported modules.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks._sandboxes import BESIDE, COMPILED, Case
from tools.layer_size import MEBIBYTE, Size, sizes

FASTAPI, STRANDS, LANGGRAPH = "FastAPI + Mangum + MLflow", "Strands agent", "LangGraph graph"

PEERS = {FASTAPI: "FastApiMangumFunction", STRANDS: "StrandsAgentFunction", LANGGRAPH: "LangGraphGraphFunction"}
"""Their functions by label."""

UNTRACED = (STRANDS, LANGGRAPH)
"""Those that send no traces."""

LARGEST_BYTES = 250 * MEBIBYTE
"""Lambda's limit for a function with its layers, unzipped."""


def peers_of(event: Mapping[str, Any], labels: Iterable[str] = PEERS) -> list[Case]:
    """That request for each of these."""
    return [Case(label, PEERS[label], event, {}, BESIDE) for label in labels]


def compiled_peers_of(event: Mapping[str, Any]) -> list[Case]:
    """The same for each of them with bytecode."""
    return [case._replace(label=compiled(case.label), build=COMPILED) for case in peers_of(event)]


def compiled(label: str) -> str:
    """The label of a peer with bytecode."""
    return f"{label} (.pyc)"


def unzipped(function: Path) -> str:
    """The size of a built function's files as a part of a sentence."""
    size = Size.sum_of(list(sizes(function).values()))
    limit = ", more than the 250 MiB that Lambda allows" if size.bytes > LARGEST_BYTES else ""
    return f"{size.mebibytes:.0f} MiB unzipped{limit}"
