import pytest

from checks.debugging.rules.resources.lock_acquired_without_with import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        import threading
        lock = threading.Lock()
        lock.acquire()  # mine
        a()
        # then
        b()
        lock.release()
        """,
        """
        import threading
        lock = threading.Lock()
        with lock:  # mine
            a()
            # then
            b()
        """,
    ),
    (
        """
        from threading import RLock

        class A:
            def __init__(self):
                self._lock = RLock()

            def f(self):
                self._lock.acquire()
                try:
                    # first
                    return self.x
                finally:
                    self._lock.release()

            def g(self):
                pass
        """,
        """
        from threading import RLock

        class A:
            def __init__(self):
                self._lock = RLock()

            def f(self):
                with self._lock:
                    # first
                    return self.x

            def g(self):
                pass
        """,
    ),
    (
        """
        import asyncio
        lock = asyncio.Lock()
        async def f():
            await lock.acquire()
            try:
                await a()
            finally:
                lock.release()
        """,
        """
        import asyncio
        lock = asyncio.Lock()
        async def f():
            async with lock:
                await a()
        """,
    ),
    (
        """
        import threading as t
        s = t.Semaphore(2)
        def f():
            s.acquire(True)
            for x in y:
                if x:
                    break
            s.release()
            s.acquire()
            b()
            s.release()
        """,
        """
        import threading as t
        s = t.Semaphore(2)
        def f():
            with s:
                for x in y:
                    if x:
                        break
            with s:
                b()
        """,
    ),
]

SILENT = [
    "lock.acquire()\na()\nlock.release()\n",
    """
        import threading
        lock = threading.Lock()
        lock.acquire(timeout=1)
        a()
        lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        lock.acquire(False)
        a()
        lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        if lock.acquire(blocking=False):
            a()
            lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            a()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            try:
                a()
                lock.release()
                b()
                lock.acquire()
            finally:
                lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            try:
                a()
            except E:
                b()
            finally:
                lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            while True:
                lock.acquire()
                if ready:
                    break
                lock.release()
            try:
                a()
            finally:
                lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            try:
                lock.acquire()
                a()
                lock.release()
            except E:
                lock.release()
        """,
    """
        from mine import Lock
        lock = Lock()
        lock.acquire()
        a()
        lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock = b()
        lock.release()
        """,
]

LEFT = [
    """
        import threading
        b = threading.Lock()
        def f(a):
            a.acquire()
            b.acquire()
            x()
            a.release()
            y()
            b.release()
    """,
    """
        import threading
        a = threading.Lock()
        def f(b):
            a.acquire()
            b.acquire()
            x()
            a.release()
            y()
            b.release()
    """,
    """
        import threading
        a = threading.Lock()
        def f(p):
            a.acquire()
            fh = open(p)
            x = fh.read()
            a.release()
            fh.close()
            return x
    """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            if a:
                return 1
            b()
            lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            if a:
                lock.release()
                b()
                lock.acquire()
            c()
            lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            a()
            lock.release()  # at last
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire()
            try:  # guarded
                a()
            finally:
                lock.release()
        """,
    """
        import threading
        lock = threading.Lock()
        def f():
            lock.acquire(); a()
            b()
            lock.release()
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
