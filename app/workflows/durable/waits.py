"""How long a job waits before it is tried again."""

import random

TRIES = 8
"""How often a step is tried that the other side does not let through."""
BACKOFF = (5.0, 15.0, 40.0, 90.0, 150.0, 250.0, 350.0)
"""Seconds before the second to the eighth try: a quarter of an hour in all."""
LONGEST = 3600.0
"""Seconds that are waited at most when the other side names a time: GitHub's primary limit starts anew every hour.
Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
BUSY = (1.0, 2.0, 4.0, 8.0)
"""Seconds before another look whether the job that holds the subject has ended; the last one from then on."""
STALE = 3.0
"""Seconds before the forge is asked again for a head that it does not show yet: its replicas lag."""


def backoff(tries: int, after: float | None = None) -> float | None:
    """Seconds to wait after `tries` failed ones (1: the first), None when it was the last. What the other side asks for
    is honoured. A fifth is added by chance, so that jobs that failed together do not come back together."""
    if tries >= TRIES:
        return None
    wanted = max(BACKOFF[tries - 1], min(after or 0.0, LONGEST))
    return round(wanted * random.uniform(1.0, 1.2), 1)  # noqa: S311 (no secret hangs on it)


def busy(waits: int) -> float:
    """Seconds to wait after `waits` looks that found the subject taken (1: the first)."""
    return BUSY[min(waits, len(BUSY)) - 1]
