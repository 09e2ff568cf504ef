"""Which titles are held back."""

from oo.untrusted_text.cleaning import fold
from oo.untrusted_text.crisis import may_tell_of_crisis
from testing.for_each import for_each


@for_each(
    "title",
    [
        "suicide",
        "Write goodbye letter",
        "End my life",
        "KILL MYSELF",
        "research painless overdose",
        "I don\u2019t want to live",
        "self-harm diary",
        "s\u200bu\u200bi\u200bc\u200bi\u200bd\u200be",
        "\uff53\uff55\uff49\uff43\uff49\uff44\uff45",
        "Abschiedsbrief schreiben",
        "mich umbringen",
        "me suicider",
        "lettre d'adieu",
        "quitarme la vida",
        "zelfmoord",
    ],
)
def test_words_of_self_harm_match(title: str) -> None:
    """Case, width and invisible characters do not hide a word of the lexicon."""
    assert may_tell_of_crisis(fold(title))


@for_each(
    "title",
    ["Kill the background process", "End of year report", "Cut the grass", "Deadline: hang pictures", "Write a letter"],
)
def test_everyday_titles_do_not_match(title: str) -> None:
    """Words of everyday life are not held back."""
    assert not may_tell_of_crisis(fold(title))
