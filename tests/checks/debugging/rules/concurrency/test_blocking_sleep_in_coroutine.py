import pytest

from checks.debugging.rules.concurrency.blocking_sleep_in_coroutine import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        import time
        async def f():
            time.sleep(1)  # wait
            time.time()
        """,
        """
        import asyncio
        import time
        async def f():
            await asyncio.sleep(1)  # wait
            time.time()
        """,
    ),
    (
        """
        import asyncio
        from time import sleep as s, time
        async def f():
            if a: s(
                1,
            )
            s(time())
        def g():
            s(1)
        """,
        """
        import asyncio
        from time import sleep as s, time
        async def f():
            if a: await asyncio.sleep(
                1,
            )
            await asyncio.sleep(time())
        def g():
            s(1)
        """,
    ),
]

SILENT = [
    "import time\ndef f():\n    time.sleep(1)\n",
    "import asyncio\nasync def f():\n    await asyncio.sleep(1)\n",
    """
        import time
        async def f():
            def g():
                time.sleep(1)
            await run(g)
        """,
    "import time\nasync def f():\n    await run(lambda: time.sleep(1))\n",
    "import time\nasync def f():\n    await run(time.sleep, 1)\n",
    "from mine import time\nasync def f():\n    time.sleep(1)\n",
    "import time\nasync def f(time):\n    time.sleep(1)\n",
    "import time\nasync def f(x=time.sleep(1)):\n    pass\n",
]

LEFT = [
    "import time, trio\nasync def f():\n    time.sleep(1)\n",
    "import time\nasync def f():\n    x = time.sleep(1)\n",
    "import time\nasync def f(asyncio):\n    time.sleep(1)\n",
    """
        import time
        async def f():
            with self._lock:
                time.sleep(1)
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


def test_a_test_may_stop_the_loop_on_purpose() -> None:
    check_left(RULE, "import time\nasync def test_f():\n    time.sleep(1)\n", path="tests/test_f.py")
