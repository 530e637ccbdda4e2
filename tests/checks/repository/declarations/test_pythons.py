import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.repository.declarations.pythons import KNOWN, NEWEST, allowed, classified, lowest, shown

MINORS: list[tuple[str | None, list[int]]] = [
    (None, []),
    ("", []),
    ("*", []),
    ("nonsense", []),
    (">=3.10", [10, 11, 12, 13, 14]),
    (">=3.9,<3.12", [9, 10, 11]),
    (">=3.9, <4", [9, 10, 11, 12, 13, 14]),
    (">= 3.9 , != 3.10.*", [9, 11, 12, 13, 14]),
    (">=3.9,!=3.9.1,!=3.10", [9, 10, 11, 12, 13, 14]),
    ("<=3.9", [7, 8, 9]),
    ("<3.9", [7, 8]),
    (">=3.8,<3.9.5", [8, 9]),
    (">3.12", [12, 13, 14]),
    ("~=3.12", [12, 13, 14]),
    ("~=3.12.1", [12]),
    ("==3.11.*", [11]),
    ("==3.11.4", [11]),
    ("3.11", [11]),
    ("==3.*", [7, 8, 9, 10, 11, 12, 13, 14]),
    ("3", [7, 8, 9, 10, 11, 12, 13, 14]),
    ("^3.12", [12, 13, 14]),
    ("~3.12", [12]),
    ("3.9 || >=3.13", [9, 13, 14]),
    (">=3.14,<3.16", [14]),
    ("==3.15.*", [15]),
    ("~=3.15", [15]),
    (">=2.7,!=3.0.*,!=3.1.*", [7, 8, 9, 10, 11, 12, 13, 14]),
    ("==2.7.*", []),
    (">=3.20", []),
    (">=3." + "9" * 4000, []),
]


@pytest.mark.parametrize(("declared", "minors"), MINORS)
def test_the_versions_that_a_specifier_allows(declared: str | None, minors: list[int]) -> None:
    assert allowed(declared) == tuple((3, minor) for minor in minors)


def test_a_newer_python_counts_where_it_is_named() -> None:
    assert allowed(">=3.14", [(3, 15)]) == ((3, 14), (3, 15))


@given(st.integers(7, 14), st.integers(7, 14))
def test_bounds_are_what_they_say(low: int, high: int) -> None:
    found = allowed(f">=3.{low},<=3.{high}")
    assert found == tuple(version for version in KNOWN if (3, low) <= version <= (3, high))
    assert not found or lowest(f">=3.{low}") == found[0]


@given(st.text(alphabet="<>=!~^|., *3v1290ab", max_size=40))
def test_anything_gives_known_versions_in_order(text: str) -> None:
    found = allowed(text)
    assert list(found) == sorted(set(found))
    assert set(found) <= set(KNOWN)


def test_classifiers() -> None:
    named = [
        "Programming Language :: Python :: 3.9",
        " Programming Language :: Python :: 3.15",
        "Topic :: Python :: 3.8",
    ]
    assert classified([*named, "Programming Language :: Python :: 2.7"]) == ((3, 9), (3, 15))
    assert NEWEST in KNOWN


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        (((3, 10), (3, 11), (3, 12)), "3.10 to 3.12"),
        (((3, 9), (3, 11)), "3.9, 3.11"),
        (((3, 13),), "3.13"),
        ((), ""),
    ],
)
def test_shown(versions: tuple[tuple[int, int], ...], text: str) -> None:
    assert shown(versions) == text
