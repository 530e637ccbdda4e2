"""What goes wrong at an edge and is expected there."""


class Gone(Exception):
    """Not there, or not for us: a pull request, a commit, a repository, an installation."""


class Unavailable(Exception):
    """May go better later: the other side failed (5xx), is limiting us, or cannot be reached. `after` are the seconds
    that it asks to wait, None where it does not say."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Superseded(Exception):
    """The work is no longer wanted: a newer push, a closed pull request."""


class Doubtful(Unavailable):
    """The same, and what was asked for may have been done: look before asking again."""
