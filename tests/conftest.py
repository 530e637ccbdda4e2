"""What all tests need: signals as a terminal gives them, and a PostgreSQL for those that ask for one."""

import signal

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
