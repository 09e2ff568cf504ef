"""The page about the agents."""

from oo.agents.registry import all_agents
from tools.documents.agents_example import sentence
from tools.documents.agents_page import DOCUMENT, render


def test_the_page_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make build`"


def test_every_agent_has_a_section() -> None:
    """Each agent has its section, in the order of the registry, with its preferences and its evidence."""
    sections = render().split("\n## ")[1:]

    assert [section.splitlines()[0] for section in sections] == [each.manifest.agent_id for each in all_agents()]
    for section, agent in zip(sections, all_agents(), strict=True):
        settings = agent.manifest.preferences.keys() - {"enabled", "timezone"}

        assert all(f"| `{key}` |" in section for key in settings)
        assert all(each.claim in section for each in agent.manifest.evidence)


def test_most_agents_speak_of_the_example() -> None:
    """The example gives a sentence for each agent that the service came with."""
    said = {agent.manifest.agent_id: sentence(agent) for agent in all_agents()}

    assert sum(bool(text) for text in said.values()) >= 10
    assert all(f"> {text}\n" in render() for text in said.values() if text)
