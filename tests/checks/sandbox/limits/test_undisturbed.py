import os
import signal
import threading

import pytest

from checks.sandbox.limits.undisturbed import undisturbed


def test_what_the_work_gives_or_raises():
    assert undisturbed(lambda stop: (stop(), 5)) == (False, 5)
    with pytest.raises(ZeroDivisionError):
        undisturbed(lambda stop: 1 // int(stop()))


def test_an_interrupt_waits_for_the_work():
    seen = []

    def work(stop):
        os.kill(os.getpid(), signal.SIGINT)
        while not stop():
            pass
        os.kill(os.getpid(), signal.SIGINT)  # a second one changes nothing
        seen.append("ended in order")

    with pytest.raises(KeyboardInterrupt):
        undisturbed(work)
    assert seen == ["ended in order"]


def test_elsewhere_the_work_is_done_where_it_is():
    seen: list[object] = []
    thread = threading.Thread(
        target=lambda: seen.append(undisturbed(lambda stop: (threading.current_thread(), stop())))
    )
    thread.start()
    thread.join()
    assert seen == [(thread, False)]
