import pytest

from checks.debugging.rules.concurrency.task_reference_lost import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "import asyncio\nasync def f():\n    t = asyncio.create_task(g())\n",
    "import asyncio\nasync def f():\n    await asyncio.create_task(g())\n",
    """
        import asyncio
        async def f():
            async with asyncio.TaskGroup() as tg:
                tg.create_task(g())
        """,
    "import asyncio\nasync def f():\n    tasks.add(asyncio.create_task(g()))\n",
    "async def f(loop):\n    loop.create_task(g())\n",
    "from mine import asyncio\nasync def f():\n    asyncio.create_task(g())\n",
]

LEFT = [
    "import asyncio\nasync def f():\n    asyncio.create_task(g())\n",
    "from asyncio import ensure_future as e\ndef f():\n    e(g())\n",
    """
        import asyncio
        def f():
            loop = asyncio.get_running_loop()
            loop.create_task(g())
        """,
    "import asyncio\ndef f():\n    asyncio.get_event_loop().create_task(g())\n",
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
