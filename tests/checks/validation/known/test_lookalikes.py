import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.validation.known.distributions import ranks
from checks.validation.known.lookalikes import distance, mistaken_for, nearest, only_counts

HITS = [
    ("reqeusts", "requests"),
    ("requestss", "requests"),
    ("request", "requests"),
    ("python-requests", "requests"),
    ("python3-dateutil", "python-dateutil"),
    ("dateutils-python", "dateutils"),
    ("py-yaml", "pyyaml"),
    ("crypt0graphy", "cryptography"),
    ("cryptograhpy", "cryptography"),
    ("urlib3", "urllib3"),
    ("urllib-3", "urllib3"),
    ("numpyy", "numpy"),
    ("flaskk", "flask"),
    ("djang0", "django"),
    ("djagno", "django"),
    ("scikitlearn", "scikit-learn"),
    ("beautifulsoup5", "beautifulsoup4"),
    ("tensorfow", "tensorflow"),
    ("setup-tools", "setuptools"),
    ("colourama", "colorama"),
    ("jeilyfish", "jellyfish"),
    ("selenuim", "selenium"),
    ("pandass", "pandas"),
    ("typing-extension", "typing-extensions"),
    ("sqlachemy", "sqlalchemy"),
]
REAL = """
requests beautifulsoup4 beautifulsoup sklearn pyaml panda urllib3 attrs attr flask quart httpx httpcore tomli tomlkit
pyyaml ruamel-yaml black blue isort pytest nose mock numpy cupy torch django djongo psycopg psycopg2 psycopg2-binary
""".split()  # noqa: SIM905 - names read better without quotes
NEW = """
acme acme-client my-company-lib huggingface-something internal-billing-models python-sqlite-thing zq xy abc kefir
flask-acme-auth django-acme-shop pytest-acme-fixtures django-rest gha-update scrapy-spider-metadata patiencediff
form2request texext hiveplotlib changelist invocations typogrify ukpostcodeparser batinfo
""".split()  # noqa: SIM905 - names read better without quotes


@pytest.mark.parametrize(("name", "meant"), HITS)
def test_what_is_mistaken_for_a_well_known_name(name: str, meant: str) -> None:
    assert mistaken_for(name) == meant


@pytest.mark.parametrize("name", [name for name in REAL if name in ranks()])
def test_a_well_known_name_is_itself(name: str) -> None:
    assert mistaken_for(name) is None


@pytest.mark.parametrize("name", NEW)
def test_an_unknown_name_may_resemble_nothing(name: str) -> None:
    assert mistaken_for(name) is None


def test_most_of_the_real_ones_are_well_known() -> None:
    assert len([name for name in REAL if name in ranks()]) > 25


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [("httpx2", "httpx", True), ("foo-1", "foo-2", True), ("requests2", "request", False), ("a1b", "a2b", False)],
)
def test_names_that_only_count(one: str, other: str, counts: bool) -> None:
    assert only_counts(one, other) is counts


WORDS = st.text(alphabet="abc-1", max_size=7)


def slow(one: str, other: str) -> int:
    """The same distance by its definition."""
    if not one or not other:
        return len(one) + len(other)
    best = min(slow(one[1:], other) + 1, slow(one, other[1:]) + 1, slow(one[1:], other[1:]) + (one[0] != other[0]))
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        best = min(best, slow(one[2:], other[2:]) + 1)
    return best


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_distance_is_that_of_its_definition(one: str, other: str) -> None:
    assert distance(one, other, 2) == min(slow(one, other), 3)


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_zero_for_equal_names(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(st.text(alphabet="abcdefgh", min_size=4, max_size=12), st.integers(0, 10))
def test_an_exchange_of_neighbours_is_one_slip(word: str, place: int) -> None:
    at = place % (len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert distance(word, swapped) <= 1


def test_nearest() -> None:
    assert nearest("jsn", ["json", "os"]) == "json"
    assert nearest("zz", ["aa"]) is None
    assert nearest("colections", ["collection", "collections"]) == "collections"
