"""What the rules of a repository look at: each answer, with what it says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.safety import Proposer
from checks.risk.predicates import Facts, Seen, look
from checks.risk.section import Condition

FACTS = Facts(
    paths=("src/auth/login.py", "docs/index.md"),
    author="eve",
    teams=("acme/web",),
    lines=40,
    proposer=Proposer.FORK,
)
UNKNOWN = Facts(paths=("a.py",))


def answer(facts: Facts, **keys: object) -> Seen:
    """The answer to the one predicate that is given."""
    (seen,) = look(Condition.model_validate(keys), facts).inner
    return seen


@pytest.mark.parametrize(
    ("keys", "satisfied", "said"),
    [
        ({"paths": ["src/auth/**"]}, True, "src/auth/login.py matches"),
        ({"paths": ["*.py", "*.md"]}, True, "src/auth/login.py, docs/index.md matches"),
        ({"paths": ["lib/"]}, False, "no changed path matches (changed: src/auth/login.py, docs/index.md)"),
        (
            {"paths": ["src/**", "!src/auth/**"]},
            False,
            "no changed path matches (changed: src/auth/login.py, docs/index.md)",
        ),
        ({"only_paths": ["docs/", "src/"]}, True, "every changed path matches"),
        ({"only_paths": ["docs/"]}, False, "src/auth/login.py does not match"),
        ({"authors": ["@EVE", "@bob"]}, True, "the author @eve is one of them"),
        ({"authors": ["@bob"]}, False, "the author @eve is none of them"),
        ({"not_authors": ["@bob"]}, True, "the author @eve is none of them"),
        ({"not_authors": ["@eve"]}, False, "the author @eve is one of them"),
        ({"author_in_teams": ["@Acme/Web"]}, True, "the author is in @acme/web"),
        ({"author_in_teams": ["@acme/security"]}, False, "the author is in none of them"),
        ({"lines_over": 39}, True, "40 lines are changed, more than 39"),
        ({"lines_over": 40}, False, "40 lines are changed, not over 40"),
        ({"files_over": 1}, True, "2 files are changed, more than 1"),
        ({"files_over": 2}, False, "2 files are changed, not over 2"),
        ({"proposer": ["fork", "selfmod"]}, True, "the proposer is fork"),
        ({"proposer": ["person"]}, False, "the proposer is fork"),
        ({"touches_tests": True}, False, "no tests are changed"),
        ({"touches_tests": False}, True, "no tests are changed"),
        ({"changed_dependencies": True}, False, "no dependencies are changed"),
        ({"all": [{"lines_over": 1}, {"files_over": 9}]}, False, "1 of 2 hold"),
        ({"all": [{"lines_over": 1}, {"files_over": 1}]}, True, "2 of 2 hold"),
        ({"any": [{"lines_over": 1}, {"files_over": 9}]}, True, "1 of 2 hold"),
        ({"any": [{"lines_over": 99}, {"files_over": 9}]}, False, "0 of 2 hold"),
        ({"not": {"lines_over": 99}}, True, "what is within does not hold"),
        ({"not": {"lines_over": 1}}, False, "what is within holds"),
    ],
)
def test_answers(keys: dict[str, object], satisfied: bool, said: str) -> None:
    seen = answer(FACTS, **keys)
    assert (seen.satisfied, seen.description) == (satisfied, said)
    assert seen.predicate == next(iter(keys))


@pytest.mark.parametrize(
    ("keys", "satisfied"),
    [
        ({"authors": ["@a"]}, None),
        ({"not_authors": ["@a"]}, None),
        ({"author_in_teams": ["@a/b"]}, None),
        ({"lines_over": 1}, None),
        ({"not": {"lines_over": 1}}, None),
        ({"any": [{"lines_over": 1}, {"paths": ["*.py"]}]}, True),
        ({"any": [{"lines_over": 1}, {"paths": ["*.md"]}]}, None),
        ({"all": [{"lines_over": 1}, {"paths": ["*.py"]}]}, None),
        ({"all": [{"lines_over": 1}, {"paths": ["*.md"]}]}, False),
    ],
)
def test_what_is_unknown_stays_so_unless_the_rest_settles_it(keys: dict[str, object], satisfied: bool | None) -> None:
    assert answer(UNKNOWN, **keys).satisfied is satisfied


@pytest.mark.parametrize(
    ("path", "tests", "dependencies"),
    [
        ("tests/a.py", True, False),
        ("src/pkg/test_a.py", True, False),
        ("a_test.py", True, False),
        ("conftest.py", True, False),
        ("pyproject.toml", False, True),
        ("requirements-dev.txt", False, True),
        ("sub/uv.lock", False, True),
        ("Setup.PY", False, True),
        ("noxfile.py", True, False),
        ("requirements/dev.txt", False, True),
        ("package-lock.json", False, True),
        ("src/testing.py", False, False),
        ("docs/requirements.md", False, False),
    ],
)
def test_tests_and_dependencies_by_their_paths(path: str, tests: bool, dependencies: bool) -> None:
    facts = Facts(paths=(path,))
    assert answer(facts, touches_tests=True).satisfied is tests
    assert answer(facts, changed_dependencies=True).satisfied is dependencies


def test_who_looked_closer_is_believed() -> None:
    facts = Facts(paths=("pyproject.toml", "tests/a.py"), tests=False, dependencies=False)
    assert answer(facts, touches_tests=True).satisfied is False
    assert answer(facts, changed_dependencies=True).satisfied is False


@pytest.mark.parametrize(
    "path", ["src/auth/a.py", "SRC/Auth/a.py", "ｓrc/auth/a.py", "src/./auth/a.py", "src/auth. /a.py"]
)
def test_other_spellings_of_a_path_do_not_slip_by(path: str) -> None:
    assert answer(Facts(paths=(path,)), paths=["src/AUTH/**"]).satisfied


def test_nothing_changed_is_not_only_documentation() -> None:
    assert answer(Facts(paths=()), only_paths=["docs/"]).satisfied is False


def test_an_explanation_is_short() -> None:
    seen = answer(Facts(paths=tuple(f"{n}.py" for n in range(1000))), paths=["*.md"])
    assert seen.description == "no changed path matches (changed: 0.py, 1.py, 2.py, 3.py, 4.py and 995 more)"


@pytest.mark.parametrize(
    ("keys", "deciding"),
    [
        ({"lines_over": 1, "files_over": 1}, ["lines_over", "files_over"]),
        ({"lines_over": 1, "files_over": 9}, ["files_over"]),
        ({"any": [{"lines_over": 1}, {"files_over": 9}]}, ["lines_over"]),
        ({"any": [{"lines_over": 99}, {"files_over": 9}]}, ["lines_over", "files_over"]),
        ({"not": {"lines_over": 99, "files_over": 1}}, ["not lines_over"]),
        ({"not": {"not": {"lines_over": 99}}}, ["not not lines_over"]),
    ],
)
def test_the_predicates_that_decide(keys: dict[str, object], deciding: list[str]) -> None:
    seen = look(Condition.model_validate(keys), FACTS)
    assert [leaf.predicate for leaf in seen.deciding()] == deciding
    assert all(leaf.satisfied is seen.satisfied for leaf in seen.deciding())


LEAVES = st.sampled_from([{"lines_over": 1}, {"lines_over": 99}, {"paths": ["src/"]}, {"authors": ["@bob"]}])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_true_of_all_completions_is_what_is_known(tree: dict[str, object]) -> None:
    """Kleene's logic: an answer that is given without the lines and the author stays, whatever they are."""
    condition = Condition.model_validate(tree)
    partly = look(condition, Facts(paths=FACTS.paths)).satisfied
    if partly is not None:
        for lines in (0, 50, 500):
            for author in ("bob", "eve"):
                assert look(condition, Facts(FACTS.paths, author, (), lines)).satisfied is partly


@given(TREES)
def test_not_turns_every_answer_round(tree: dict[str, object]) -> None:
    plain = look(Condition.model_validate(tree), FACTS).satisfied
    assert look(Condition.model_validate({"not": tree}), FACTS).satisfied is (not plain)
