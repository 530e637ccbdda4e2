import pytest

from app.views.proposing.subject import about
from tests.pulls.judgements import finding


@pytest.mark.parametrize(
    ("files", "rules", "expected"),
    [
        (("a/b.py",), ("shell-injection",), "Command for a shell that is not constant in b.py"),
        (("a/b.py", "c.py"), ("shell-injection",), "Command for a shell that is not constant in 2 files"),
        (("a/b.py",), ("F841",), "F841 in b.py"),
        (("a.py", "b.py"), ("F841", "shell-injection"), "4 findings of 2 rules in 2 files"),
    ],
)
def test_it_is_about_a_rule_and_a_place(files: tuple[str, ...], rules: tuple[str, ...], expected: str) -> None:
    assert about([finding(rule, file=file) for file in files for rule in rules]) == expected


def test_a_hostile_name_of_a_file_stays_on_one_line() -> None:
    assert "\n" not in about([finding("F841", file="a\n\u202eb.py")])
