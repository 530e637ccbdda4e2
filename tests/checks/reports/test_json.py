import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.review import Review
from checks.reports import json as report


def test_the_document_is_what_the_readme_promises(sample: Review) -> None:
    document = json.loads(report.render(sample))
    assert list(document) == ["findings", "not_analysed", "summary"]
    assert document["findings"][1] == {
        "file": "src/acme/db.py",
        "line": 54,
        "column": 5,
        "end_line": 56,
        "end_column": 6,
        "rule": "sql-from-format",
        "severity": "high",
        "confidence": "high",
        "message": "The query holds 100% of `name`.",
        "cwe": 89,
        "tool": "selfmod",
        "tools": ["selfmod", "bandit"],
        "fingerprint": "fedcba9876543210fedcba9876543210",
        "fixable": False,
        "aliases": ["B608", "S608"],
        "scope": "find",
    }
    assert document["findings"][0]["cwe"] is None
    assert document["not_analysed"] == [{"file": "src/acme/broken.py", "reason": "invalid syntax in line 3"}]
    assert document["summary"] == {
        "files": 212,
        "seconds": 1.835,
        "threshold": "medium",
        "counts": {"critical": 0, "high": 1, "medium": 1, "low": 0, "info": 1},
        "older": 12,
        "suppressed": 3,
    }


def test_no_findings_are_empty_lists(sample: Review) -> None:
    empty = json.loads(report.render(replace(sample, findings=(), not_analysed=())))
    assert (empty["findings"], empty["not_analysed"]) == ([], [])


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_any_path_and_message_comes_back_exactly(data: st.DataObject, reviews: st.SearchStrategy[Review]) -> None:
    review = data.draw(reviews)
    rendered = report.render(review)
    assert rendered.isascii()
    read = [(each["file"], each["message"]) for each in json.loads(rendered)["findings"]]
    # a high and a low surrogate side by side are one character in JSON: only these come back as another text
    assert read == [tuple(map(_paired, (each.file, each.message))) for each in review.findings]


def _paired(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
