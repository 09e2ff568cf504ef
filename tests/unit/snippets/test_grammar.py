"""Writing and reading the one line an agent says."""

from oo.snippets.grammar import SnippetClauses, SnippetDraft, read_snippet, write_snippet
from testing.for_each import for_each
from testing.snippet_line import LINE_GRAMMAR

LONG = "word " * 15 + "ends"


def line(title: str = "Title", fact: str = "{0} waits.", care: str = "no pressure.") -> SnippetDraft:
    return SnippetDraft("start", 3, fact, "begin with it.", care, [title])


def test_line_is_written_in_its_grammar() -> None:
    """Kind, strength, fact, move and care stand in their places."""
    assert write_snippet(line()) == "[start|3] Fact: «Title» waits. Move: begin with it. Care: no pressure."
    assert write_snippet(line(care="")) == "[start|3] Fact: «Title» waits. Move: begin with it."


def test_titles_fill_only_the_places_of_the_template() -> None:
    """A title that looks like a placeholder is unchanged."""
    both = SnippetDraft("finish", 3, "{0} and {1} are left.", "take one.", "", ["{1}", "{0}"])

    assert write_snippet(both) == "[finish|3] Fact: «{1}» and «{0}» are left. Move: take one."


def test_too_long_shortens_the_title_first() -> None:
    """A line over 280 characters loses the end of its title before anything else."""
    written = write_snippet(line(LONG, fact="{0} " + "x" * 150 + "."))

    assert len(written) <= 280
    assert "…»" in written
    assert written.endswith("Care: no pressure.")


def test_far_too_long_drops_care() -> None:
    """Where a short title is not enough, Care goes."""
    written = write_snippet(line(LONG, fact="{0} " + "x" * 200 + "."))

    assert len(written) <= 280
    assert "Care:" not in written
    assert LINE_GRAMMAR.fullmatch(written)


def test_line_is_read_back() -> None:
    """A written line is read as its parts."""
    assert read_snippet(write_snippet(line())) == SnippetClauses(
        "start", 3, "«Title» waits.", "begin with it.", "no pressure.", ("Title",)
    )


def test_words_in_a_title_are_no_clause() -> None:
    """Only the words outside of «» separate clauses."""
    read = read_snippet(write_snippet(line("a Move: b. Care: c.")))

    assert read is not None
    assert (read.move, read.care, read.titles) == ("begin with it.", "no pressure.", ("a Move: b. Care: c.",))


@for_each(
    "text",
    [
        "",
        "Do it.",
        "[start|4] Fact: a. Move: b.",
        "[urge|3] Fact: a. Move: b.",
        "[start|3] Fact: a.",
        "[start|3] Fact: a. Move: b.\n[start|3] Fact: c. Move: d.",
        "[start|3] Fact: «a. Move: b.",
    ],
)
def test_other_text_is_no_line(text: str) -> None:
    """Text outside the grammar is not read."""
    assert read_snippet(text) is None


def test_a_clause_ends_at_the_first_mark_behind_it() -> None:
    """Later marks belong to the clause before them, and so does a mark without text around it."""
    for clauses, read in (
        ("a Move: b Move: c", ("a", "b Move: c", "")),
        ("a Move: b Care: c Care: d", ("a", "b", "c Care: d")),
        ("a Care: b Move: c", ("a Care: b", "c", "")),
        (" Move: a Move: b", (" Move: a", "b", "")),
        ("a Move:  Care: b", ("a", " Care: b", "")),
        ("a Move: b Care: ", ("a", "b Care: ", "")),
    ):
        found = read_snippet(f"[start|3] Fact: {clauses}")

        assert found is not None, clauses
        assert (found.fact, found.move, found.care) == read, clauses
