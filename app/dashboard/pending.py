"""What the set-up remembers between its pages: one browser, its states, and whether it is over.

In memory only: a set-up is one process and one person, and a restart prints a new link.
"""

import hmac
import secrets
import time
from collections.abc import Callable
from threading import Lock

STATE_SECONDS = 30 * 60
"""Within that GitHub must have sent the browser back; the code that it brings lives for an hour."""
MOST_STATES = 8


class Pending[C]:
    """One set-up. All of it may be called from several threads. `saved` are credentials that came and could not be
    written."""

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._session = ""
        self._states: dict[str, float] = {}
        self._lock = Lock()
        self.registering = Lock()
        self.over = False
        self.unsaved: C | None = None

    def enter(self, token: str) -> str | None:
        """A new browser's session for the printed token, once; None for any other."""
        with self._lock:
            if not self._token or not _same(token, self._token):
                return None
            self._token = ""
            self._session = secrets.token_urlsafe(32)
            return self._session

    def is_in(self, session: str) -> bool:
        """Whether this browser is the one that came with the token."""
        return bool(self._session) and _same(session, self._session)

    def new_state(self) -> str:
        """What GitHub gives back, so that nobody else's answer is taken for it."""
        state = secrets.token_urlsafe(32)
        with self._lock:
            self._states[state] = self._clock() + STATE_SECONDS
            while len(self._states) > MOST_STATES:
                del self._states[next(iter(self._states))]
        return state

    def take(self, state: str) -> bool:
        """Whether this state was given and is neither used nor old; it is used now."""
        with self._lock:
            now = self._clock()
            found = [each for each in self._states if _same(state, each)]
            return bool(found) and self._states.pop(found[0]) >= now

    def give_back(self, state: str) -> None:
        """Lets a state be used again: GitHub did not answer, so nothing has come of it."""
        with self._lock:
            self._states[state] = self._clock() + STATE_SECONDS


def _same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), own.encode())
