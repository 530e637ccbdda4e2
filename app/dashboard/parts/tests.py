"""The tests of the base beside those of the change, and which changed lines they run."""

from typing import Any

from app.dashboard.parts.case import Case
from app.dashboard.plain import Plain, numbers, part, rows, seconds, text, texts, truth

NAME = "tests"
MOST = 100
"""Tests or files of a kind that are listed."""
_COUNTS = (
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("error", "Broken outside the test"),
    ("skipped", "Skipped"),
    ("xfailed", "Failed as expected"),
    ("xpassed", "Passed against expectation"),
)
_RESULTS = (
    ("newly_failing", "Fail now and passed on the base"),
    ("still_failing", "Failed on the base too"),
    ("added", "New tests, which do not judge the change that brings them"),
    ("edited", "Edited tests, judged as they were on the base"),
)
_NAMES = (
    ("repaired", "Failed on the base and pass now"),
    ("flaky", "Flaky: both outcomes on one tree"),
    ("quarantined", "Excused by the configuration"),
    ("removed", "Gone"),
    ("skipped_now", "Ran on the base and no longer do"),
)


def title(case: Case) -> str:
    """Of the part."""
    return "Tests"


def show(case: Case) -> dict[str, Any]:
    """Counts side by side, tests by what became of them, coverage of changed lines by file."""
    tests = part(case.record.document, "tests")
    sandbox = next((each for each in case.stages if text(each, "stage") == "sandbox"), {})
    head, base = part(tests, "head"), part(tests, "base")
    return {
        "ran": bool(head),
        "why_not": text(sandbox, "reason") or "The record does not say why.",
        "rows": _rows(head, base),
        "compared": bool(base),
        "untrusted": text(head, "why") if head and not truth(head, "trusted", True) else "",
        "lists": [each for each in (*_results(tests), *_listed(tests)) if each["count"]],
        "coverage": _coverage(tests, case),
    }


def _rows(head: Plain, base: Plain) -> list[tuple[str, str, str, bool]]:
    """Name, base, head, and whether a change of it deserves a look."""
    counts = [
        (title, _count(base, key), _count(head, key), key in ("failed", "error"))
        for key, title in _COUNTS
        if key in ("passed", "failed") or _count(head, key) not in ("0", "") or _count(base, key) not in ("0", "")
    ]
    said = [
        (title, text(base, key), text(head, key), False)
        for key, title in (
            ("python", "Python"),
            ("framework", "Framework"),
            ("environment", "Environment"),
            ("backend", "Sandbox"),
            ("weaker", "Weaker isolation"),
        )
        if text(head, key) or text(base, key)
    ]
    times = [("Time", _time(base), _time(head), False)]
    return [*counts, *times, *said]


def _count(run: Plain, key: str) -> str:
    return text(part(run, "counts"), key)


def _time(run: Plain) -> str:
    return f"{seconds(run, 'seconds'):.2f} s" if run else ""


def _results(tests: Plain) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "count": len(rows(tests, key)),
            "tests": [
                {"id": text(each, "id"), "outcome": text(each, "outcome"), "message": text(each, "message")}
                for each in rows(tests, key)[:MOST]
            ],
            "bad": key == "newly_failing",
        }
        for key, title in _RESULTS
    ]


def _listed(tests: Plain) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "count": len(texts(tests, key)),
            "tests": [{"id": each, "outcome": "", "message": ""} for each in texts(tests, key)[:MOST]],
            "bad": False,
        }
        for key, title in _NAMES
    ]


def _coverage(tests: Plain, case: Case) -> dict[str, Any]:
    files: list[dict[str, Any]] = [
        {
            "file": text(each, "file"),
            "url": case.file_url(text(each, "file"), min(numbers(each, "uncovered"), default=0)),
            "covered": len(numbers(each, "covered")),
            "lines": len(numbers(each, "covered")) + len(numbers(each, "uncovered")),
            "uncovered": numbers(each, "uncovered"),
        }
        for each in rows(tests, "coverage")
    ]
    ordered = sorted(files, key=lambda each: -len(each["uncovered"]))
    return {
        "files": ordered[:MOST],
        "count": len(files),
        "covered": sum(each["covered"] for each in files),
        "lines": sum(each["lines"] for each in files),
    }
