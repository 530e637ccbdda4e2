import pytest

from checks.debugging.rules.exceptions.except_with_or import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        try:
            a()
        except ValueError or TypeError:
            b()
        """,
        """
        try:
            a()
        except (ValueError, TypeError):
            b()
        """,
    ),
    (
        """
        try:
            a()
        except (KeyError or LookupError or OSError) as e:  # all
            b(e)
        """,
        """
        try:
            a()
        except (KeyError, LookupError, OSError) as e:  # all
            b(e)
        """,
    ),
    (
        """
        from json import JSONDecodeError
        import socket
        try:
            a()
        except JSONDecodeError or socket.Timeout:
            b()
        """,
        """
        from json import JSONDecodeError
        import socket
        try:
            a()
        except (JSONDecodeError, socket.Timeout):
            b()
        """,
    ),
    (
        """
        class A(Exception):
            pass
        try:
            a()
        except A or ValueError:
            b()
        """,
        """
        class A(Exception):
            pass
        try:
            a()
        except (A, ValueError):
            b()
        """,
    ),
]

SILENT = [
    """
        try:
            a()
        except (ValueError, TypeError):
            b()
        """,
    """
        try:
            a()
        except errors or ValueError:
            b()
        """,
    """
        try:
            a()
        except self.errors or ():
            b()
        """,
    """
        from m import ERRORS
        try:
            a()
        except ERRORS or ValueError:
            b()
        """,
    """
        def f(A, B):
            try:
                a()
            except A or B:
                b()
        """,
    "x = ValueError or TypeError\n",
]

LEFT = [
    """
        try:
            a()
        except ValueError and TypeError:
            b()
        """,
    """
        try:
            a()
        except (ValueError or  # one
                TypeError):
            b()
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
