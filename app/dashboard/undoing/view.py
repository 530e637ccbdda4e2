"""What a details page shows of the button, and of who is signed in."""

from dataclasses import dataclass

from app.dashboard.signing.cookies import Session
from app.dashboard.undoing.acting import Asked

LONGEST = 500
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class View:
    """`here` is the page itself with its key. `sign_in` is where signing in begins, empty where nobody need; `token`,
    `form` are the form's, empty where there is none; `sign_out` is the stamp of the form that signs out. Nothing of it:
    nobody can sign in."""

    session: Session | None = None
    asked: Asked | None = None
    here: str = ""
    sign_in: str = ""
    token: str = ""
    form: str = ""
    sign_out: str = ""
    longest: int = LONGEST
