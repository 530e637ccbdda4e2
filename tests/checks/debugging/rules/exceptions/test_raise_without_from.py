import pytest

from checks.debugging.mending.mend import Target, built
from checks.debugging.rules.exceptions.caught_exception_raised_by_name import RULE as BY_NAME
from checks.debugging.rules.exceptions.raise_without_from import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent, module_of

FIXED = [
    (
        """
        try:
            a()
        except KeyError as e:
            raise Broken(str(e))  # told
        """,
        """
        try:
            a()
        except KeyError as e:
            raise Broken(str(e)) from e  # told
        """,
    ),
    (
        """
        try:
            a()
        except KeyError as e:
            if c:
                raise m.Broken
            raise (
                Broken(1)
            )
        """,
        """
        try:
            a()
        except KeyError as e:
            if c:
                raise m.Broken from e
            raise (
                Broken(1)
            ) from e
        """,
    ),
    (
        """
        try:
            a()
        except KeyError as e:
            with b: raise Broken(1); c()
        """,
        """
        try:
            a()
        except KeyError as e:
            with b: raise Broken(1) from e; c()
        """,
    ),
]

SILENT = [
    """
        try:
            a()
        except KeyError as e:
            raise Broken(e) from e
        """,
    """
        try:
            a()
        except KeyError as e:
            raise Broken(e) from None
        """,
    """
        try:
            a()
        except KeyError as e:
            raise
        """,
    """
        try:
            a()
        except KeyError as e:
            raise e
        """,
    """
        try:
            a()
        except KeyError as e:
            raise convert(e)
        """,
    """
        try:
            a()
        except KeyError as e:
            raise self.error(e)
        """,
    """
        try:
            a()
        except KeyError as e:
            raise SystemExit(1)
        """,
    """
        try:
            a()
        except KeyError as e:
            def f():
                raise Broken(1)
        """,
    """
        try:
            a()
        except KeyError as e:
            pass
        raise Broken(1)
        """,
    """
        try:
            a()
        except KeyError as e:
            try:
                raise Broken(1)
            except Broken:
                c()
        """,
    """
        try:
            a()
        except KeyError as e:
            raise ERROR
        """,
    "def f():\n    raise Broken(1)\n",
]

LEFT = [
    """
        try:
            a()
        except KeyError:
            raise Broken(1)
        """,
    """
        try:
            a()
        except KeyError as e:
            e = 1
            raise Broken(e)
        """,
    """
        try:
            a()
        except KeyError as e:
            for e in f():
                raise Broken(e)
        """,
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


def test_python_2_has_no_from() -> None:
    source = "try:\n    a()\nexcept KeyError as e:\n    raise Broken(e)\n"
    check_left(RULE, source, surroundings=Surroundings(python=(2, 7)))


def test_the_name_is_not_taken_away_by_another_rule_at_the_same_time() -> None:
    before = module_of("try:\n    a()\nexcept A as e:\n    if b:\n        raise e\n    raise Broken(1)\n")
    targets = [Target(BY_NAME.name, 5, 9), Target(RULE.name, 6, 5)]
    after, why = built(before.text, before.surroundings, targets)
    assert why == ["", ""]
    assert after.string == "try:\n    a()\nexcept A as e:\n    if b:\n        raise\n    raise Broken(1) from e\n"
