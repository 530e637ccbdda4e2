import pytest

from checks.debugging.rules.concurrency.coroutine_never_awaited import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        async def g():
            pass
        async def f():
            g()  # now
        """,
        """
        async def g():
            pass
        async def f():
            await g()  # now
        """,
    ),
    (
        """
        class A:
            async def g(self):
                pass
            async def f(self):
                if x: self.g(
                    1)
        """,
        """
        class A:
            async def g(self):
                pass
            async def f(self):
                if x: await self.g(
                    1)
        """,
    ),
]

SILENT = [
    """
        async def g():
            pass
        async def f():
            await g()
        """,
    """
        async def g():
            pass
        async def f():
            return g()
        """,
    """
        async def g():
            pass
        async def f():
            t = g()
        """,
    """
        async def g():
            pass
        async def f():
            run(g())
        """,
    """
        def g():
            pass
        async def f():
            g()
        """,
    """
        async def g():
            yield 1
        async def f():
            g()
        """,
    """
        @task
        async def g():
            pass
        async def f():
            g()
        """,
    """
        async def g():
            pass
        async def f(g):
            g()
        """,
    """
        if a:
            async def g():
                pass
        else:
            def g():
                pass
        async def f():
            g()
        """,
    """
        class A:
            async def g(self):
                pass
            async def f(self):
                other.g()
        """,
    """
        class A:
            async def g(self):
                pass
            async def f(self):
                self.g()
        class B(A):
            def g(self):
                pass
        """,
    """
        class A:
            def __init__(self, g):
                self.g = g
            async def g(self):
                pass
            async def f(self):
                self.g()
        """,
]

LEFT = [
    """
        async def g():
            pass
        def f():
            g()
        """,
    "async def g():\n    pass\ng()\n",
    """
        async def g():
            pass
        async def f():
            def h():
                g()
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
