"""Tags of HTML in a user's own words."""

from oo.untrusted_text.tags import without_tags


def test_tags_are_taken_off() -> None:
    """With their attributes, in any case, finished or not; between blocks a blank is left."""
    for text, words in (
        ("<b>Call</b> <I>Tom</I><br/>now", "Call Tom now"),
        ("<p>One</p><p>Two<hr>three", " One  Two three"),
        ("<ul><li>a</li><li>b</li></ul>", "  a  b  "),
        ('<a href="https://x.test/?a=1" title="a > b <c>" data-x>this</a>', "this"),
        ("<a href='x' class=y>a</a><img src=x onerror=alert(1)><input disabled>", "a"),
        ("<script>alert(1)</script><SCRIPT async>x</SCRIPT>", "alert(1)x"),
        ("a<!-- hidden > <b> --> b<!---->", "a b"),
        ("<!DOCTYPE html><html><?xml version='1.0'?><body>x", "x"),
        ("<o:p>x</o:p> <font color=red>y</font>", "x y"),
        ("<x onclick=alert(1)>y <q-r href=z>", "y "),
        (
            "<https://x.test/a> Anna <anna@x.test> a<mailto:b@c.test>d",
            "https://x.test/a Anna anna@x.test a mailto:b@c.test d",
        ),
        ('Call <a href="https://exa', "Call "),
        ("Call<b> Tom<i>, now", "Call Tom, now"),
        ("Call<B>Tom</B> and Set<Map>x</Map>", "CallTom and Setx"),
    ):
        assert without_tags(text) == words, text


def test_what_only_looks_like_a_tag_stays() -> None:
    """Comparisons, types, arrows, hearts, and names that are no element's."""
    for text in (
        *(
            "3 < 5 * 2",
            "a<b, c>d",
            "a <b and c = d> e",
            "if x<b and c=d>e",
            "x <- y -> z",
            "I <3 U </3 >_<",
            "<>",
            "< b>",
        ),
        *(
            "List<String>",
            "Map<K, List<Object>>",
            "vector<std::string>",
            "Promise<object>",
            "Set<Map>",
            "x<B>",
            "Box<T>",
        ),
        *(
            "<name> and </name>",
            "<foo-bar>",
            "<b-c>",
            "<my:tag>",
            "<b",
            "cut <b",
            "cut <name x=",
            "<!-- open",
            "<@U123>",
        ),
    ):
        assert without_tags(text) == text, text
