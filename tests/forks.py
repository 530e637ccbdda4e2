"""Doing something in a fork of this process: what a signal or a trace function interrupts may be left half done there.

Coverage takes a lock for each file that it first sees. An exception that a signal raises right then leaves it taken for
ever, and every later test of the process waits for it."""

import os
import pickle
import traceback
import warnings
from collections.abc import Callable


def forked[T](does: Callable[[], T], first: Callable[[], object] = lambda: None) -> T:
    """What `does` gives or raises, done in a fork after `first`, and not measured. What it gives must be picklable."""
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses no thread of ours
        child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            first()
            given = pickle.dumps((True, does()))
        except BaseException as error:
            error.add_note(traceback.format_exc())
            given = pickle.dumps((False, error))
        with os.fdopen(write_end, "wb") as file:
            file.write(given)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        holds, value = pickle.loads(file.read())  # our own fork wrote it
    os.waitpid(child, 0)
    if not holds:
        raise value
    result: T = value
    return result
