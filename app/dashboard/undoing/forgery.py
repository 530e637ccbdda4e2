"""The token of the form that takes back: it was made for this session and this record, or it is none.

A page of another site can send a form here, and a browser may even send the cookie along; this token it cannot read."""

import re
import secrets

from app.dashboard.reading import Record
from app.dashboard.signing.cookies import Session
from app.settings import ServerSettings
from app.views import links

PURPOSE = "take back"
_PRESS = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def token(settings: ServerSettings, session: Session, record: Record) -> str:
    """A new one each time that the form is shown: its first part tells one form from the next."""
    press = secrets.token_urlsafe(16)
    return f"{press}.{links.stamp(settings, PURPOSE, press, record.id, session.word)}"


def press_of(settings: ServerSettings, session: Session, record: Record, given: str) -> str:
    """The first part of a token that is this session's for this record, empty for every other."""
    press, _, stamp = given.partition(".")
    if not _PRESS.fullmatch(press):
        return ""
    return press if links.is_stamp(settings, stamp, PURPOSE, press, record.id, session.word) else ""
