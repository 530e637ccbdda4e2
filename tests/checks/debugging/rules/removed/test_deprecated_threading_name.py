import pytest

from checks.debugging.rules.removed.deprecated_threading_name import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import threading\nx = threading.currentThread()\n", "import threading\nx = threading.current_thread()\n"),
    (
        "from threading import activeCount\nx = activeCount()\n",
        "from threading import active_count\nx = active_count()\n",
    ),
    (
        "import threading\nx = threading.currentThread().getName()\n",
        "import threading\nx = threading.current_thread().name\n",
    ),
    (
        "import threading\nt = threading.Thread()\nt.setDaemon(True)  # why\n",
        "import threading\nt = threading.Thread()\nt.daemon = True  # why\n",
    ),
    (
        "from threading import Thread\nt = Thread()\nt.setName('a' + b); x = t.isDaemon()\n",
        "from threading import Thread\nt = Thread()\nt.name = 'a' + b; x = t.daemon\n",
    ),
    (
        "import threading\nt = threading.Thread()\nx = not t.isAlive()\n",
        "import threading\nt = threading.Thread()\nx = not t.is_alive()\n",
    ),
    (
        (
            "import threading\nclass A:\n    def __init__(self): self.e = threading.Event()\n"
            "    def f(self): return self.e.isSet()\n"
        ),
        (
            "import threading\nclass A:\n    def __init__(self): self.e = threading.Event()\n"
            "    def f(self): return self.e.is_set()\n"
        ),
    ),
    (
        "import threading\nc = threading.Condition()\nwith c:\n    c.notifyAll()\n",
        "import threading\nc = threading.Condition()\nwith c:\n    c.notify_all()\n",
    ),
    (
        "import threading\nclass T(threading.Thread):\n    def __init__(self):\n        self.setDaemon(True)\n",
        "import threading\nclass T(threading.Thread):\n    def __init__(self):\n        self.daemon = True\n",
    ),
]

SILENT = [
    "import threading\nx = threading.current_thread()\n",
    "import threading\nt = make()\nt.setDaemon(True)\n",
    "import threading\ne = mine.Event()\ne.isSet()\n",
    "import threading, multiprocessing\nt = multiprocessing.Process()\nt.getName()\n",
    "import threading\nclass T(Base):\n    def f(self): self.setDaemon(True)\n",
    "import threading\nclass N:\n    def f(self): return self.getName()\n",
    "from mine import threading\nthreading.currentThread()\n",
    (
        "import threading\ntry:\n    f = threading.current_thread\n"
        "except AttributeError:\n    f = threading.currentThread\n"
    ),
    "import threading\nn = threading.Thread()\nn = node()\nn.getName()\n",
    "import threading\nt = threading.Thread()\nt.start()\n",
]

LEFT = [
    "import threading\nt = threading.Thread()\nx = t.setDaemon(True)\n",
    "import threading\nt = threading.Thread()\nt.setDaemon(daemonic=True)\n",
    "import threading\nt = threading.Thread()\nt.setDaemon(\n    True  # why\n)\n",
    "import threading\nt = threading.Thread()\nt.setName(a if b else c)\n",
    "import threading\nt = threading.Thread()\nt.setName(*a)\n",
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
