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
        try:  # whatever happens: a child that went on would run the tests beside its parent
            os.close(read_end)
            with os.fdopen(write_end, "wb") as file:
                file.write(_given(does, first))
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        given = file.read()
    os.waitpid(child, 0)
    assert given, "the fork ended without a word"
    holds, value = pickle.loads(given)  # our own fork wrote it
    if not holds:
        raise value
    result: T = value
    return result


def _given(does: Callable[[], object], first: Callable[[], object]) -> bytes:
    """What a fork sends: whether it held, and what came of it."""
    try:
        first()
        return pickle.dumps((True, does()))
    except BaseException as error:
        told = traceback.format_exc()
        try:
            error.add_note(told)
            return pickle.dumps((False, error))
        except Exception:  # there are errors that cannot be pickled
            return pickle.dumps((False, AssertionError(told)))
