"""Work that is told of an interrupt instead of being torn apart by it."""

import threading
from collections.abc import Callable


def undisturbed[T](work: Callable[[Callable[[], bool]], T]) -> T:
    """Calls the work and gives what it gives or raises. It is handed a question: whether it shall stop.

    Python runs handlers of signals in the main thread, between any two steps, so that what is started in one step may
    not be known yet in the next. There the work is done in a thread of its own; an interrupt makes the question true,
    and is raised on when the work has come to its end. Elsewhere nothing interrupts."""
    if threading.current_thread() is not threading.main_thread():
        return work(lambda: False)
    stop = threading.Event()
    given: list[T] = []
    raised: list[BaseException] = []

    def do() -> None:
        try:
            if not stop.is_set():
                given.append(work(stop.is_set))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=do, name="sandbox")
    try:
        thread.start()
        thread.join()
    except BaseException:
        _settle(thread, stop)
        raise
    if raised:
        raise raised[0]
    return given[0]


def _settle(thread: threading.Thread, stop: threading.Event) -> None:
    """Until the thread has ended: a second interrupt does not hasten it, for it is ending already."""
    while True:
        try:
            stop.set()
            if thread.is_alive():
                thread.join()
        except BaseException:  # noqa: S112 (the first interrupt is the one that is raised)
            continue
        return
