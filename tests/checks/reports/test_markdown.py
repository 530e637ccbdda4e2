from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from checks.model.findings import Finding, NotAnalysed
from checks.model.review import Review
from checks.reports import markdown
from checks.reports.text import counted

ONE_MEBIBYTE = 1 << 20


def test_the_sample(sample: Review) -> None:
    assert (
        markdown.render(sample)
        == """\
### selfmod review

**2 findings at or above medium** in 212 files (1.8 s) · 1 fixable

| high | medium | info |
| --- | --- | --- |
| 1 | 1 | 1 |

| severity | place | rule | what is wrong | fix |
| --- | --- | --- | --- | --- |
| high | `src/acme/db.py:54:5` | `sql-from-format` | The query holds 100% of &#96;name&#96;. |  |
| medium | `src/acme/cache.py:31:18` | `mutable-default-argument` | The default is shared by all calls. | fixable |

Not shown: 1 below medium, 12 older, 3 suppressed.

<details><summary>1 file not analysed</summary>

| file | why |
| --- | --- |
| `src/acme/broken.py` | invalid syntax in line 3 |

</details>
"""
    )


def test_nothing_found(sample: Review) -> None:
    clean = replace(sample, findings=(), not_analysed=(), older=0, suppressed=0)
    assert (
        markdown.render(clean)
        == """\
### selfmod review

**no findings at or above medium** in 212 files (1.8 s)
"""
    )


def test_more_than_twenty_are_folded_and_more_than_a_table_holds_counted(
    sample: Review, finding: Callable[..., Finding]
) -> None:
    many = tuple(finding(line=line) for line in range(1, 153))
    seen, folded = markdown.render(replace(sample, findings=many)).split(
        "<details><summary>130 more findings</summary>"
    )
    assert (seen.count("cache.py:20:18"), seen.count("cache.py:21:18"), folded.count("cache.py:21:18")) == (1, 0, 1)
    assert "</details>\n\n2 more findings are not listed here.\n" in folded


def test_the_worst_input_fits_into_a_summary(sample: Review, finding: Callable[..., Finding]) -> None:
    for worst in ("@" * 999, "\U000e0001" * 999, "`" * 999, "\U0001f600" * 999):
        hostile = finding(file=worst, rule=worst, message=worst)
        review = replace(sample, findings=(hostile,) * 999, not_analysed=(NotAnalysed(worst, worst),) * 999)
        rendered = markdown.render(review)
        assert len(rendered.encode()) < ONE_MEBIBYTE
        assert "924 more are not listed here." in rendered


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_the_structure_is_ours_whatever_is_in_it(data: st.DataObject, reviews: st.SearchStrategy[Review]) -> None:
    review = data.draw(reviews)
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown.render(review))
    types = [token.type for token in tokens]
    tables = [bool(review.findings), bool(review.failing), bool(review.not_analysed)]
    assert types.count("table_open") == sum(tables)
    assert types.count("tr_open") == 2 * tables[0] + tables[1] + len(review.failing) + tables[2] + len(
        review.not_analysed
    )
    assert types.count("heading_open") == 1
    assert {token.content.strip() for token in tokens if token.type == "html_block"} <= {
        f"<details><summary>{counted(len(review.not_analysed), 'file')} not analysed</summary>",
        "</details>",
    }
    inner = {child.type for token in tokens for child in token.children or []}
    assert not inner & {"link_open", "image", "em_open"}
