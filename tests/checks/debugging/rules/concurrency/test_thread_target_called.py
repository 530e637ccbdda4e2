import pytest

from checks.debugging.rules.concurrency.thread_target_called import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        import threading
        def work(*a):
            print(1)
        threading.Thread(target=work(), daemon=True).start()
        """,
        """
        import threading
        def work(*a):
            print(1)
        threading.Thread(target=work, daemon=True).start()
        """,
    ),
    (
        """
        from threading import Timer
        class A:
            def work(self):
                return None
            def f(self):
                Timer(1, self.work( )).start()
        """,
        """
        from threading import Timer
        class A:
            def work(self):
                return None
            def f(self):
                Timer(1, self.work).start()
        """,
    ),
    (
        """
        import atexit
        def work(*a):
            print(1)
        atexit.register(work())
        """,
        """
        import atexit
        def work(*a):
            print(1)
        atexit.register(work)
        """,
    ),
]

SILENT = [
    """
        import threading
        def work(*a):
            print(1)
        threading.Thread(target=work).start()
        """,
    """
        import threading
        def make():
            return print
        threading.Thread(target=make()).start()
        """,
    """
        import threading
        @factory
        def work():
            pass
        threading.Thread(target=work()).start()
        """,
    "import threading\nfrom mine import work\nthreading.Thread(target=work()).start()\n",
    """
        import threading
        def work():
            yield 1
        threading.Thread(target=work()).start()
        """,
    """
        from mine import Thread
        def work(*a):
            print(1)
        Thread(target=work())
        """,
    """
        import threading
        def work():
            raise NotImplementedError
        threading.Thread(target=work())
        """,
    """
        import threading
        def work(*a):
            print(1)
        def f(work):
            threading.Thread(target=work())
        """,
]

LEFT = [
    """
        import threading
        def work(*a):
            print(1)
        threading.Thread(target=work(1)).start()
        """,
    """
        import threading
        def work(*a):
            print(1)
        threading.Thread(target=work(  # now
        )).start()
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
