import pytest

from checks.debugging.rules.exceptions.caught_exception_raised_by_name import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        try:
            a()
        except KeyError as e:
            log(1)
            raise e  # again
        """,
        """
        try:
            a()
        except KeyError:
            log(1)
            raise  # again
        """,
    ),
    (
        """
        try:
            a()
        except KeyError as e:
            log(e)
            raise e
        """,
        """
        try:
            a()
        except KeyError as e:
            log(e)
            raise
        """,
    ),
    (
        """
        try:
            a()
        except (A, B) as e:
            if c:
                raise e
            d()
        """,
        """
        try:
            a()
        except (A, B):
            if c:
                raise
            d()
        """,
    ),
    (
        "try:\n    a()\nexcept (A) as e: raise e\n",
        "try:\n    a()\nexcept (A): raise\n",
    ),
]

SILENT = [
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
            raise f
        """,
    """
        try:
            a()
        except KeyError as e:
            raise e from None
        """,
    """
        try:
            a()
        except KeyError as e:
            raise e from f
        """,
    """
        try:
            a()
        except KeyError as e:
            e = wrap(e)
            raise e
        """,
    """
        try:
            a()
        except KeyError as e:
            def f():
                raise e
        """,
    """
        try:
            a()
        except KeyError as e:
            try:
                raise e
            except KeyError:
                pass
        """,
    """
        try:
            a()
        except KeyError as e:
            raise e.inner
        """,
    """
        try:
            a()
        except KeyError as e:
            raise e.with_traceback(None)
        """,
    "def f(e):\n    raise e\n",
    """
        try:
            a()
        except KeyError as e:
            try:
                b()
            finally:
                raise e
        """,
    """
        try:
            a()
        except KeyError as e:
            import e
            raise e
        """,
]

LEFT = [
    "try:\n    a()\nexcept A \\\n        as e:\n    raise e\n",
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
