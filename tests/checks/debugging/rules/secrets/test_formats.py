import pytest

from checks.debugging.rules.secrets._formats import entropy, known, looks_real

REAL = [
    "hunter2!",
    "s3cr3t-Pw-9x",
    "3f4beddd-2061-49b0-ae80-6f1f2ed65b37",
    "l!t+dmzf97rt9s*yrsux1py",
    "QwErTyUiOpAsDfGhJkLz",
]
MADE_UP = [
    "",
    "short",
    "changeme1",
    "<token1>",
    "your-key-1",
    "access_level_2",
    "some words 1",
    "https://h0st/x",
    "/run/k3y5",
    "${P4SS}",
    "%s-p4ss",
    "1234567890",
    "aaaaaa1",
    "$6$abc$def1",
    "SomeCamelCaseClassName",
    "authorization",
    "grün-9-x",
]


@pytest.mark.parametrize(("value", "expected"), [(v, True) for v in REAL] + [(v, False) for v in MADE_UP])
def test_looks_real(value: str, expected: bool) -> None:
    assert looks_real(value, 6) is expected


def test_known_forms_need_a_real_value() -> None:
    assert known("see glpat" + "-q8Zt41xLmW0vB7KpRn2s") == ("a GitLab token", "glpat" + "-q8Zt41xLmW0vB7KpRn2s")
    assert known("glpat-aaaaaaaaaaaaaaaaaaaa") is None
    assert known("glpat-your-token-goes-here-1") is None
    assert known("nothing of the kind") is None


def test_entropy() -> None:
    assert (entropy(""), entropy("aaaa"), entropy("abcd")) == (0.0, 0.0, 2.0)
