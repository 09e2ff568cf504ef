"""Writes the documents that are generated from the code (`make build`)."""

from local import agents_page, configuration_page, eligibility_vectors, openapi


def main() -> None:
    """Write each and say where it is."""
    for part in (openapi, configuration_page, agents_page, eligibility_vectors):
        part.DOCUMENT.write_text(part.render())
        print(f"wrote {part.DOCUMENT.relative_to(openapi.ROOT)}")


if __name__ == "__main__":
    main()
