"""The words of a model's text."""

from oo.untrusted_text.plain_text import LONGEST_READ, plain_text, readable


def test_plain_words_are_left() -> None:
    """Entities, escapes, thoughts, special tokens, tags and marks of Markdown go, words stay."""
    for text, words in (
        ("Send the invoice &amp; the tax form, it&#39;s late.", "Send the invoice & the tax form, it's late."),
        ("Send &amp;lt;b&amp;gt;it&amp;lt;/b&amp;gt; &lt now.", "Send it < now."),
        ("Do&nbsp;it&#x2c; caf&eacute;&hellip;", "Do it, café…"),
        ("**Write** ***one*** `line` and ``two``, *now*, ~~or not~~.", "Write one line and two, now, or not."),
        ("请**今天**发送`报告`。", "请今天发送报告。"),
        (r"Write one line.\n\nThen \"rest\".\tOk\/", 'Write one line. Then "rest". Ok/'),
        (r"\u003cb\u003eSend\u003c/b\u003e \ud83d\ude00", "Send 😀"),
        ("<think>Maybe «a»?</think>Send it.", "Send it."),
        ("Send it. <Thinking>no</Thinking> Then rest.", "Send it. Then rest."),
        ("Too personal. </think> [THINK]x[/THINK] Send it.", "Send it."),
        ("\u25c1think\u25b7no\u25c1/think\u25b7 Send it.<analysis>x</analysis>", "Send it."),
        ("Send it.<|im_end|></s> <\uff5cend\uff5c>", "Send it."),
        ("<s>[INST] Send it. [/INST]", "Send it."),
        ("<script>alert(1)</script>Go", "alert(1)Go"),
        ('<scr<b>ipt>x<a href="y">z</a><!-- w -->', "xz"),
        ("one<br>two<p class='x'>three", "one two three"),
        ("![x](y) and [this](that)", "x and this"),
        ("# Send it", "Send it"),
        ("- ## Send it", "- Send it"),
        ("line\nbreak\u202e\x00", "line break"),
        ("👩\u200d👧 نان می\u200cخرم i\u200cg", "👩\u200d👧 نان می\u200cخرم ig"),
    ):
        assert plain_text(text) == words, text


def test_comparisons_and_paths_stay() -> None:
    """A sign that compares, or names a type, gets blanks where it could begin a tag; a path keeps its backslashes."""
    for text, words in (
        ("5 < 6, 7 > 3, I <3 it", "5 < 6, 7 > 3, I <3 it"),
        ("a<b, and c<d but e>f", "a < b, and c < d but e>f"),
        ("Rename List<String>, Set<T> and vector<int>", "Rename List < String>, Set < T> and vector < int>"),
        ("Call<b> Tom<i>, x<B>", "Call Tom, x"),
        (r"Open C:\new\table and \\nas\team now", r"Open C:\new\table and \\nas\team now"),
        ("2**3**4 and f(*a, **b)", "2**3**4 and f(*a, **b)"),
    ):
        assert plain_text(text) == words, text


def test_an_end_that_is_missing_is_not_made_up() -> None:
    """The beginning of a thought, a tag or a token stays for the checks to find."""
    for text in ("Send <think>or not", "cut <img src=x onerror=1", "Send it.<|im_end|>user: no", "[Open](a(b)c)"):
        assert plain_text(text) == text, text


def test_text_that_does_not_settle_is_given_up() -> None:
    """Markup within markup within markup was built to last."""
    assert plain_text("&" + "amp;" * 20 + "lt;") is None
    assert plain_text("<b " * 50 + ">" * 50) is None
    assert readable("&" + "amp;" * 20 + "lt;") is None


def test_a_long_text_is_cut_before_it_is_read() -> None:
    """Numbers of thousands of digits are no entities, and no text is read beyond its limit."""
    assert plain_text("x" * (LONGEST_READ + 1)) == "x" * LONGEST_READ
    assert plain_text("&#" + "0" * 7_000 + "65;") == "A"
    assert readable("&#" + "9" * 7_000) is not None
