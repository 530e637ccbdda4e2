import pytest

from checks.debugging.rules.concurrency.blocking_request_in_coroutine import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "import requests\ndef f():\n    requests.get(u)\n",
    "import asyncio, requests\nasync def f():\n    await asyncio.to_thread(requests.get, u)\n",
    "import requests\nasync def f():\n    await run(lambda: requests.get(u))\n",
    """
        import httpx
        async def f():
            async with httpx.AsyncClient() as c:
                await c.get(u)
        """,
    "from mine import requests\nasync def f():\n    requests.get(u)\n",
    "import subprocess\nasync def f():\n    subprocess.Popen(['a'])\n",
    "async def f(session):\n    session.get(u)\n",
]

LEFT = [
    "import requests\nasync def f():\n    return requests.get(u)\n",
    "from urllib.request import urlopen\nasync def f():\n    urlopen(u)\n",
    "import subprocess\nasync def f():\n    subprocess.run(['a'])\n",
    """
        import requests
        s = requests.Session()
        async def f():
            s.get(u)
        """,
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
