import pytest

from checks.debugging.rules.arguments.clock_in_default_argument import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "import time\ndef f(x, at=time.time()):\n    return at\n",
        "import time\ndef f(x, at=None):\n    if at is None:\n        at = time.time()\n    return at\n",
    ),
    (
        """
        from datetime import datetime as dt, timezone
        from uuid import uuid4

        class A:
            async def f(self, *, key=str(uuid4()), at=dt.now(timezone.utc)):
                "Docstring."
                return key, at  # both
        """,
        """
        from datetime import datetime as dt, timezone
        from uuid import uuid4

        class A:
            async def f(self, *, key=None, at=None):
                "Docstring."
                if key is None:
                    key = str(uuid4())
                if at is None:
                    at = dt.now(timezone.utc)
                return key, at  # both
        """,
    ),
    (
        "import os\ndef f(path=os.getcwd(), /, a=0):\n    if a is None:\n        pass\n    return path\n",
        "import os\ndef f(path=None, /, a=0):\n    if a is None:\n        pass\n"
        "    if path is None:\n        path = os.getcwd()\n    return path\n",
    ),
]

ANNOTATIONS = [
    "float | None",
    "Optional[float]",
    "typing.Union[int, None]",
    "'float | None'",
    "t.Any",
    "Annotated[None, 1]",
]

SILENT = [
    "import time\ndef f(at=None):\n    return at or time.time()\n",
    "import time\ndef f(clock=time.time):\n    return clock()\n",
    "import time\ndef f(clock=lambda: time.time()):\n    return clock()\n",
    "import time\ndef f(_start=time.time()):\n    return _start\n",
    "from mine import time\ndef f(at=time.time()):\n    return at\n",
    "import time\ndef f(at=time.gmtime(0)):\n    return at\n",
    "import datetime\ndef f(at=datetime.datetime(2020, 1, 1)):\n    return at\n",
    "import random\nrandom = random.Random(1)\ndef f(x=random.random()):\n    return x\n",
]

LEFT = [
    "import os\ndef f(path=os.getcwd()):\n    if path is None:\n        path = '/'\n    return path\n",
    "import time\ndef f(at: 'list[Any]' = [time.time()]):\n    return at\n",
    "import time\ndef f(at: 'Annotated[float, Any]' = time.time()):\n    return at\n",
    'import time\ndef f(at: "float" = time.time()):\n    return at\n',
    "import time\ndef f(at=time.time()): return at\n",
    "import time\ndef f(time=time.time()):\n    return time\n",
    "import time\ndef f(at=time.time() + offset):\n    return at\n",
    "import time\ndef f(at=(\n    time.time()\n    + 1)):\n    return at\n",
    "from datetime import datetime\ndef f(at=datetime.now()):\n    datetime = 1\n    return at, datetime\n",
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


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_annotations_that_admit_none(annotation: str) -> None:
    check_fixed(
        RULE,
        f"import time\ndef f(at: {annotation} = time.time()):\n    return at\n",
        f"import time\ndef f(at: {annotation} = None):\n    if at is None:\n        at = time.time()\n    return at\n",
    )
