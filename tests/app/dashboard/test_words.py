"""Values in words."""

import pytest

from app.dashboard import words


@pytest.mark.parametrize(
    ("moment", "said", "iso"),
    [
        (1_795_957_331.0, "29 Nov 2026, 13:02:11 UTC", "2026-11-29T13:02:11Z"),
        ("2026-11-29T14:02:11+01:00", "29 Nov 2026, 13:02:11 UTC", "2026-11-29T13:02:11Z"),
        ("2026-11-29T13:02:11.123456Z", "29 Nov 2026, 13:02:11 UTC", "2026-11-29T13:02:11Z"),
        ("yesterday", "yesterday", ""),
        ("", "", ""),
        (0.0, "", ""),
        (1e300, "1e+300", ""),
        (float("nan"), "nan", ""),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59", ""),
    ],
)
def test_moments(moment, said, iso):
    assert words.when(moment) == said
    assert words.iso(moment) == iso


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, "0.00 s"), (1.479, "1.48 s"), (12.44, "12.4 s"), (185.2, "3 min 5 s"), (7800, "2 h 10 min")],
)
def test_durations(seconds, said):
    assert words.duration(seconds) == said


def test_counts():
    assert words.count(1, "file") == "1 file"
    assert words.count(1_204, "file") == "1,204 files"
    assert words.count(2, "older entry", "older entries") == "2 older entries"


def test_a_share_is_never_rounded_up_to_all():
    assert words.percent(999, 1000) == "99 %"
    assert words.percent(3, 3) == "100 %"
    assert words.percent(0, 0) == "100 %"


@pytest.mark.parametrize(
    ("lines", "said"), [((), ""), ((7,), "7"), ((3, 5, 6, 8, 7, 12, 12), "3, 5-8, 12"), ((1, 2), "1-2")]
)
def test_ranges(lines, said):
    assert words.ranges(lines) == said


@pytest.mark.parametrize(
    ("prose", "html"),
    [
        ("`convert` is new", "<code>convert</code> is new"),
        ("a ` alone", "a ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("`<b>` <i>", "<code>&lt;b&gt;</code> &lt;i&gt;"),
        ("`\u202e`", "<code>\\u202e</code>"),
        ("{0} {__class__}", "{0} {__class__}"),
        ("`{0}`", "<code>{0}</code>"),
        ("", ""),
    ],
)
def test_quoted_parts_are_code_and_nothing_else_is(prose, html):
    assert str(words.coded(prose)) == html


def test_a_text_without_end_is_cut():
    assert len(words.coded("x" * 1_000_000)) == words.LONGEST
