import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.findings import Finding, Severity
from checks.model.review import Review
from checks.reports import github

OURS = re.compile(
    r"::(error|warning|notice) file=[^:,]*,line=-?\d+,endLine=-?\d+(,col=-?\d+)?,"
    r"title=[^:,]* \((info|low|medium|high|critical)\)::"
)


def test_the_sample(sample: Review) -> None:
    assert github.render(sample) == (
        "::error file=src/acme/db.py,line=54,endLine=56,title=sql-from-format (high)"
        "::The query holds 100%25 of `name`.\n"
        "::warning file=src/acme/cache.py,line=31,endLine=31,col=18,title=mutable-default-argument (medium)"
        "::The default is shared by all calls.\n"
        "not analysed:\n"
        "  src/acme/broken.py  invalid syntax in line 3\n"
        "2 findings in 212 files (1.8 s)   1 fixable\n"
        "not shown: 1 below medium, 12 older, 3 suppressed\n"
    )


def test_what_github_would_drop_becomes_lines_of_the_log(sample: Review, finding: Callable[..., Finding]) -> None:
    warnings = (finding(file="::error::x.py", line=line) for line in range(1, 13))
    many = (*warnings, finding(severity=Severity.CRITICAL, message="worst"))
    lines = github.render(replace(sample, findings=many)).splitlines()
    assert lines[0].endswith("title=mutable-default-argument (critical)::worst")
    assert [line.startswith("::warning file=%3A%3Aerror") for line in lines[1:11]] == [True] * 10
    assert lines[11:13] == [
        "2 more than GitHub shows as annotations:",
        r"\x3a:error::x.py:11:18  medium  mutable-default-argument  The default is shared by all calls.",
    ]


def test_every_severity_has_its_kind(sample: Review, finding: Callable[..., Finding]) -> None:
    review = replace(
        sample, findings=tuple(finding(severity=each) for each in Severity), threshold=Severity.INFO, not_analysed=()
    )
    kinds = [line.split()[0] for line in github.render(review).splitlines() if line.startswith("::")]
    assert kinds == ["::error", "::error", "::warning", "::notice", "::notice"]


def test_a_hostile_name_stays_a_property(sample: Review, finding: Callable[..., Finding]) -> None:
    hostile = finding(file="a,line=1::\n::set-env name=PATH::x.py", message="one\n::error::two\x1b")
    assert github.render(replace(sample, findings=(hostile,))).splitlines()[0] == (
        "::warning file=a%2Cline=1%3A%3A%0A%3A%3Aset-env name=PATH%3A%3Ax.py,line=31,endLine=31,col=18,"
        "title=mutable-default-argument (medium)::one%0A::error::two\\x1b"
    )


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_no_line_is_a_command_that_is_not_ours(data: st.DataObject, reviews: st.SearchStrategy[Review]) -> None:
    review = data.draw(reviews)
    lines = github.render(review).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert [line for line in commands if not OURS.match(line)] == []
    assert len(commands) == len(review.failing)
    assert [line for line in lines if line not in commands and "##[" in line] == []
