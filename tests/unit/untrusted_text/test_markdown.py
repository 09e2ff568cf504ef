"""Inline marks of Markdown in a user's own words."""

from oo.untrusted_text.markdown import without_markdown


def test_marks_are_taken_off() -> None:
    """Links and images, code, emphasis between asterisks and struck words leave their words."""
    for text, words in (
        ("[Marlow](https://marlow.example/po/7)", "Marlow"),
        ("[a](b \"title\") [c](<d e> 't') [f](g (h))", "a c f"),
        ("[Wiki](https://en.wikipedia.org/wiki/A_(b)) now", "Wiki now"),
        ("[with [brackets] in it](x)", "with [brackets] in it"),
        ("[spaces](https://x.test/my file.pdf)", "spaces"),
        ("![alt](x.png) and ![](y.png)", "alt and "),
        ("[![alt](i.png)](https://x.test) go", "alt go"),
        ("[](https://x.test/a)", " https://x.test/a "),
        ("see[this](https://x.test) and!that![pic](p)", "seethis and!thatpic"),
        ("**bold** *italic* ***both*** 请**今天**发送", "bold italic both 请今天发送"),
        ("**bold *nested* text** **Call *mum*** ***a** b*", "bold nested text Call mum a b"),
        ("**Note:**read, *plural*s", "Note:read, plurals"),
        ("**[a](b)** ~~**c**~~ [**d**](e)", "a c d"),
        ("__Call Tom__ and __Ann__, **__now__**.", "Call Tom and Ann, now."),
        ("~~struck ~ out~~", "struck ~ out"),
        ("`code` ``a`b`` ```x``` `Foo`s", "code a`b x Foos"),
    ):
        assert without_markdown(text) == words, text


def test_what_only_looks_like_a_mark_stays() -> None:
    """Names, formulas, patterns of files, calls, escapes, and marks without a partner."""
    for text in (
        *(
            "snake_case and __init__",
            "self.__x__",
            "__x__.py",
            "__x__()",
            "a__b__c",
            r"\__x__",
            "__x",
            "3 < 5 * 2",
            "2 * 3 * 4",
            "2**3**4",
            "x*y*z",
            "f(x)*g(y)*h",
            "f(*a, **b)",
            "M*A*S*H",
        ),
        *("*.py and *.md", "*.tmp,*.bak", "src/**/*.ts", "/* x */", "* one * two", "Milk* and eggs*", "f***ing"),
        *("**open", "`open", "~~open", "[open](", "[open](x", "open](x)", "**", "****", "``", "~~ ~~", "5~6"),
        *(r"\*not\*", r"\[not\](x)", r"\`not\`", r"[not\](x)", r"\~~not~~"),
        *("items[0](x) or call()[1](y)", "[ ] milk, [x] done", "[[page]] and [ref][1]", "[Draft](see notes below)"),
        *("don`t and won`t", "`tis and `twas"),
    ):
        assert without_markdown(text) == text, text
