"""Comments as HTML: what was meant, and nothing that a stranger could smuggle in."""

import pytest

from app.standin.pages.markdown import rendered


def address(number: int) -> str | None:
    return "/ann/shop/pull/3" if number == 3 else None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** `b`", "<p><strong>a</strong> <code>b</code></p>\n"),
        ("<!-- a marker -->\nb", "\n<p>b</p>\n"),
        ("a <!-- b --> c", "<p>a  c</p>\n"),
        ("<details><summary>a</summary>\n\nb\n\n</details>", "<details><summary>a</summary>\n<p>b</p>\n</details>"),
        ("see #3 and #4", '<p>see <a href="/ann/shop/pull/3">#3</a> and #4</p>\n'),
        ("&#39; `#3` x#3", "<p>' <code>#3</code> x#3</p>\n"),
        ("[a #3](http://b)", '<p><a href="http://b">a #3</a></p>\n'),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"),
        ("<details open ontoggle=x>", "&lt;details open ontoggle=x&gt;"),
        ("<!-- a", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_what_becomes_of_it(text: str | None, html: str) -> None:
    assert rendered(text, address) == html


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,xx)",
        "![a](http://b/c.png)",
        "<img src=x onerror=alert(1)>",
        '[a](http://b "\\"onclick=x")',
        "<!--> <script>alert(1)</script> -->",
        "<details><script>x</script></details>",
        "<summary><iframe src=//x></summary>",
    ],
)
def test_what_could_harm(text: str) -> None:
    made = rendered(text).casefold()
    for part in ("<script", "<img", "<iframe", 'href="javascript', 'href="data', '" onclick', '"onclick'):
        assert part not in made


def test_a_long_text_is_shown_as_it_is() -> None:
    made = rendered("<b>" + "x" * 300_000)
    assert made.startswith("<pre>&lt;b&gt;x")
