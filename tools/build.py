"""Write the documents that are generated from the code (`make docs`)."""

from commands.program import program
from tools.documents import (
    agent_versions,
    agents_page,
    compiled_models,
    configuration_page,
    data_page,
    eligibility_vectors,
    errors_page,
    messages_document,
    openapi,
    prompts_document,
    prompts_page,
    readme_figures,
    registry_document,
    template_versions,
    upgrading_page,
)

PARTS = (
    agent_versions,
    openapi,
    template_versions,
    configuration_page,
    data_page,
    agents_page,
    eligibility_vectors,
    registry_document,
    prompts_document,
    prompts_page,
    compiled_models,
    messages_document,
    errors_page,
    upgrading_page,
    readme_figures,
)


@program("docs")
def main() -> None:
    """Write the documents that are generated from the code."""
    write_all()


def write_all() -> None:
    """Write each document, and print its path."""
    for part in PARTS:
        part.DOCUMENT.write_text(part.render())
        print(f"wrote {part.DOCUMENT.relative_to(openapi.ROOT)}")


if __name__ == "__main__":
    main()
