import pytest

from checks.debugging.rules.exceptions.return_in_finally import RULE
from tests.rulecases import check_left, check_silent, found

SILENT = [
    """
        def f():
            try:
                return a()
            finally:
                b()
        """,
    """
        def f():
            try:
                a()
            finally:
                b()
            return 1
        """,
    """
        try:
            a()
        finally:
            for x in y:
                if x:
                    break
                continue
        """,
    """
        def f():
            try:
                a()
            finally:
                def g():
                    return 1
                g()
        """,
    """
        for x in y:
            try:
                a()
            except E:
                continue
            else:
                break
        """,
]

LEFT = [
    """
        def f():
            try:
                return a()
            finally:
                return b
        """,
    """
        for x in y:
            try:
                a()
            finally:
                if x:
                    break
        """,
    """
        for x in y:
            try:
                a()
            finally:
                continue
        """,
    """
        def f():
            try:
                a()
            except* E:
                b()
            finally:
                with c:
                    return
        """,
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


def test_the_return_of_an_inner_try_is_reported_once() -> None:
    source = """
    def f():
        try:
            a()
        finally:
            try:
                b()
            finally:
                return 1
    """
    assert len(found(RULE, source)) == 1
