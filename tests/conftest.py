"""What all tests need: signals as a terminal gives them, a PostgreSQL for those that ask for one, examples that may
take their time, and coverage measured where it costs little."""

import os
import signal

import coverage
from hypothesis import settings

from tests.postgres import postgres_url, postgresql, postgresql_alone

__all__ = ["postgres_url", "postgresql", "postgresql_alone"]

# a shell that starts a command in the background has it ignore these, and children inherit that; tests send them
for number, handler in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
    (signal.SIGTERM, signal.SIG_DFL),
):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, handler)

# how long an example takes says more of the machine than of the code
settings.register_profile("unhurried", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("unhurried")


def unmeasured() -> None:
    """In a forked process: what its parent measured so far is in its memory, and writing all of it again when it ends
    takes longer than most tests."""
    measured = coverage.Coverage.current()
    if measured is not None:
        measured._auto_save = False
        measured.stop()


# The processes that run the tests are measured, what they start is not: that more than doubled the time of all tests
# for figures that the tests of each room bring by themselves.
os.register_at_fork(after_in_child=unmeasured)
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
