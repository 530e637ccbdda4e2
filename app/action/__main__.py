"""`python -I -m app.action`: one run of the Action."""

import io
import signal
import sys

from app.action.run import main


def _stop(number: int, _: object) -> None:
    """A job that is cancelled lets the work remove what it has made."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _stop)
    # whatever the runner's locale is: the log is UTF-8
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
