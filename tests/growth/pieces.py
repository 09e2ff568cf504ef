"""Texts of one repeated piece. A reader that learns a delimiter gets it into this list."""

from itertools import islice

PIECES = (
    *(" ", "\t", "\n", "\r\n", "\u200b", "\ufeff", "x", "word ", "7", "9.", "-", "`", "```", "```json", "~~~"),
    *("~", "{", "}", "[", "]", "{}", "[{", "{{", "[ ", '{"', '{"a":', '{"a":{"a":', '{"a":1}'),
    *('{"content":"x"}', '{"content":"x"},', "{a:1}", '"', '\\"', "\\", '"\\', "'", ",", ":", '"a" ', "//"),
    *("/*", "<", ">", "<a", "<a>", "</", "<!--", "< ", "<b></b>", "<think>", "</think>", "<think "),
    *("<thinking", "[THINK]", "[/THINK]", "\u25c1think\u25b7", "assistantfinal", "&lt;", "&lt;think&gt;"),
    *("&amp;", "&amp;amp;", "&#58;", "&#", "&", "<|", "|>", "<|x|>", "<|channel|>", "<|message|>"),
    *("<|channel|>final<|message|>", "<|end|>", "<\uff5c", "[INST]", "<s>", "</s>", "<<SYS>>", "](", "!["),
    *("[x](", "[x](y)", "(", "**", "*", "_", "@", "a@b", "a.", "a.b/", "www.", "http:", "//a.b", "1.", "«"),
    *("»", "«a»", "«a\u2026»", " Move: ", " Move: x Care: y", " Care: ", "Fact: ", "\u2026", "\u0301"),
    *("e\u0301", "\u0301\u0323", "\u0f73", "\ufdfa", "\u3316", "\uff1c", "\u0645", "\u200d"),
    *("\U0001f469\u200d", "\U0001f1e9", "ignore ", "prompt ", "system:", "overdos", "\\n", "\\u0041", "error"),
    *("context ", "<b ", "<b x=", "<b>x</b>", "x<b>", "<x onclick=", '="', "='", "-->", "<a@b.c", "<https://"),
    *("[x ", "[x](y ", '[x](y "', "[](a", "](x(y", "![](", "\\*", "*x ", "**x", "~~x", "``x", "&nbsp;", "&#x"),
    *("https://a.b/", "https://a.b/c ", "https://a@", "a.bc/", "a@b.cd ", "a@b.c.", "a@b.cd:e", "www.a "),
    *("\u0645\u200c", "__x", "__x_ "),
)  # fmt: skip

ENDS = (("", ""), ('{"content": "', "x"), ("<think>", "«"), ("```json\n", "}"))
"""A beginning that no end closes, and an end that nothing opened."""


def repeated(piece: str, characters: int) -> str:
    """The piece, over and over, to that many characters."""
    return (piece * (characters // len(piece) + 1))[:characters]


def pairs() -> list[str]:
    """Each piece with one other, so that each stands once in front of one and once behind one."""
    return [left + right for left, right in zip(PIECES, islice(PIECES, 1, None), strict=False)]
