"""Forged outcomes: ending the run before it is told."""

from dataclasses import replace

from tests.hostile.project import SMALL, Hostile, forger

_SHORT = replace(SMALL, seconds=2.5)

FORGED: tuple[Hostile, ...] = (
    forger(
        "exit-in-a-test",
        "Ends the process with code 0 before the failing test.",
        {"test_a.py": "import os\n\n\ndef test_a():\n    os._exit(0)\n"},
    ),
    forger(
        "exit-at-import",
        "Ends the process with code 0 while it is collected.",
        {"test_a.py": "import os\n\nprint('2 passed')\nos._exit(0)\n"},
    ),
    forger(
        "system-exit-at-import",
        "Raises SystemExit(0) from the module under test.",
        {"tool.py": "import sys\nsys.exit(0)\n", "test_a.py": "import tool\n\n\ndef test_a():\n    assert tool\n"},
    ),
    forger(
        "system-exit-in-a-test",
        "Raises SystemExit(0) in the only test.",
        {"test_it.py": "import sys\n\n\ndef test_must_fail():\n    sys.exit(0)\n"},
    ),
    forger(
        "exit-at-the-end",
        "Ends the process with code 0 from atexit.",
        {"conftest.py": "import atexit\nimport os\n\natexit.register(os._exit, 0)\n"},
    ),
    forger(
        "exit-by-pytest",
        "Ends the session by pytest.exit with code 0.",
        {"test_a.py": "import pytest\n\n\ndef test_a():\n    pytest.exit('all is well', returncode=0)\n"},
    ),
    forger(
        "exit-in-a-thread",
        "Ends the process from a thread while the tests run.",
        {
            "test_it.py": """
            import os
            import threading

            threading.Timer(0.3, os._exit, (0,)).start()


            def test_must_fail():
                threading.Event().wait(10)
                raise ValueError
            """
        },
    ),
    forger(
        "exit-in-a-destructor",
        "Ends the process with code 0 when an object is taken away.",
        {
            "conftest.py": """
            import os


            class Last:
                def __del__(self, _exit=os._exit):
                    _exit(0)


            last = Last()
            """
        },
    ),
    forger(
        "interrupt",
        "Interrupts the session as Ctrl-C does.",
        {
            "test_a.py": """
            import _thread


            def test_a():
                _thread.interrupt_main()
                [None for _ in range(10**7)]
            """
        },
    ),
    forger(
        "killing-the-runner",
        "Kills the process that runs the tests.",
        {"test_a.py": "import os\nimport signal\n\n\ndef test_a():\n    os.kill(os.getpid(), signal.SIGKILL)\n"},
    ),
    forger(
        "terminating-the-runner",
        "Ends the process by SIGTERM, handled to exit with 0.",
        {
            "test_a.py": """
            import os
            import signal


            def test_a():
                signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
                os.kill(os.getpid(), signal.SIGTERM)
            """
        },
    ),
    forger(
        "another-program",
        "Becomes another program that ends with 0.",
        {
            "test_a.py": """
            import os
            import sys


            def test_a():
                os.execv(sys.executable, [sys.executable, "-c", "print('2 passed in 0.01s')"])
            """
        },
    ),
    forger(
        "without-assertions",
        "Becomes a Python without assertions, with its own pytest.",
        {
            "test_it.py": """
            import os
            import sys

            if __debug__:
                os.execv(sys.executable, [sys.executable, "-O", "-m", "pytest", "-q", "test_it.py"])


            def test_must_fail():
                assert False
            """
        },
    ),
    forger(
        "endless-loop",
        "Never ends.",
        {"test_it.py": "def test_must_fail():\n    while True:\n        pass\n"},
        limits=_SHORT,
    ),
    forger(
        "endless-import",
        "Never ends to be imported, and takes no interrupt.",
        {
            "test_it.py": """
            import signal
            import threading

            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
                signal.signal(number, signal.SIG_IGN)
            threading.Event().wait()
            """
        },
        limits=_SHORT,
    ),
    forger(
        "alarm",
        "Sets an alarm that ends the process with code 0.",
        {
            "test_it.py": """
            import os
            import signal
            import threading


            def test_must_fail():
                signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
                signal.setitimer(signal.ITIMER_REAL, 0.2)
                threading.Event().wait(10)
            """
        },
    ),
    forger(
        "crash",
        "Crashes the interpreter.",
        {"test_a.py": "import ctypes\n\n\ndef test_a():\n    ctypes.string_at(0)\n"},
    ),
    forger(
        "crash-by-recursion",
        "Overflows the stack of C.",
        {
            "test_a.py": """
            import sys
            import threading


            class Deep:
                def __getattr__(self, name):
                    return getattr(self, name + "x")


            def test_a():
                sys.setrecursionlimit(10**9)
                thread = threading.Thread(target=lambda: Deep().a)
                thread.start()
                thread.join()
                import ctypes

                ctypes.string_at(0)
            """
        },
    ),
    forger(
        "fault-handler",
        "Sets the handler of faults to end the process.",
        {
            "test_it.py": """
            import faulthandler
            import threading


            def test_must_fail():
                faulthandler.dump_traceback_later(0.2, exit=True)
                threading.Event().wait(10)
            """
        },
    ),
    forger(
        "fork-in-a-test",
        "Forks in the failing test, so that it passes in the child that goes on.",
        {"test_it.py": "import os\n\n\ndef test_must_fail():\n    assert os.fork() == 0\n"},
    ),
    forger(
        "fork-at-import",
        "Forks while it is collected and lets the child alone go on, with other tests.",
        {
            "test_it.py": """
            import os

            child = os.fork()
            if child:
                os.waitpid(child, 0)


            def test_must_fail():
                assert child == 0
            """
        },
    ),
)
