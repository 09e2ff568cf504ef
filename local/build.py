"""Writes the documents that are generated from the code (`make build`)."""

from local import openapi


def main() -> None:
    """Write each and say where it is."""
    openapi.DOCUMENT.write_text(openapi.render())
    print(f"wrote {openapi.DOCUMENT.relative_to(openapi.ROOT)}")


if __name__ == "__main__":
    main()
