"""The button itself: what the details page shows of it, and the address that its form is sent to.

Whoever presses it may see the page, is signed in with GitHub, and sends the form of that very page; whether they may
take anything back is looked up when the job runs, and told where it is refused. The operator's cookie is no account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dashboard.answers import message
from app.dashboard.forms import fields_of, from_here, late, refused
from app.dashboard.reading import Record
from app.dashboard.signing import cookies
from app.dashboard.signing.cookies import Session
from app.dashboard.signing.pages import offered, sign_out_stamp
from app.dashboard.signing.places import sign_in_url
from app.dashboard.undoing import forgery
from app.dashboard.undoing.acting import Acting, Taken
from app.dashboard.undoing.view import LONGEST, View
from app.model.trouble import Doubtful, Gone, Unavailable
from app.settings import ServerSettings
from checks.model.errors import Refusal

AT_ONCE = 4
"""Presses at the same time: each holds a thread while GitHub and the database think."""
NOTHING = "Nothing was asked for"
ELSEWHERE = "The form does not come from this page as you are signed in now."

type Seen = Callable[[Request], Record | None]
"""The record that a request asks for, None where it may not be seen."""


def view(settings: ServerSettings, acting: Acting | None, request: Request, record: Record, undo: str) -> View:
    """What the page of a record has of it. `undo` is empty where there is nothing to take back."""
    if acting is None or not offered(settings):
        return View()
    session, here = cookies.session(request, settings), _page(request, record)
    return View(
        session,
        acting.asked(record, session.person.id if session else 0) if undo else None,
        here,
        sign_in=sign_in_url(here) if undo and session is None else "",
        token=forgery.token(settings, session, record) if undo and session is not None else "",
        form=_form(request, record),
        sign_out=sign_out_stamp(settings, session) if session is not None else "",
    )


@dataclass(frozen=True, slots=True)
class Button:
    """`nothing` is the answer to who may not see the record."""

    settings: ServerSettings
    acting: Acting
    seen: Seen
    nothing: Callable[[], Response]
    busy: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE), repr=False)

    async def press(self, request: Request) -> Response:
        """303 to the page, which says what was asked; or why nothing was."""
        asking = await run_in_threadpool(self._asking, request)
        if isinstance(asking, Response):
            return await refused(request, asking)
        fields = await fields_of(request)
        if fields is None:
            return late(NOTHING)
        return await run_in_threadpool(self._pressed, asking, fields)

    def _asking(self, request: Request) -> "_Asking | Response":
        """Who asks, as the address and the head of the request say: nobody else's form is waited for."""
        record = self.seen(request)
        if record is None:
            return self.nothing()
        page = _page(request, record)
        session = cookies.session(request, self.settings)
        if session is None:
            again = ("Sign in with GitHub", sign_in_url(page))
            said = "Nothing was asked for. A sign-in holds for 8 hours."
            return message(403, "You are not signed in", said, action=again)
        if not from_here(request, self.settings):
            return _refused(page, 403, ELSEWHERE)
        return _Asking(record, session, page)

    def _pressed(self, asking: "_Asking", fields: dict[str, str]) -> Response:
        press = forgery.press_of(self.settings, asking.session, asking.record, fields.get("token", ""))
        if not press:
            return _refused(asking.page, 403, ELSEWHERE)
        return self._asked(
            asking.record, asking.session, " ".join(fields.get("why", "").split())[:LONGEST], press, asking.page
        )

    def _asked(self, record: Record, session: Session, why: str, press: str, page: str) -> Response:
        if not self.busy.acquire(blocking=False):
            return _refused(page, 503, "Too many press at this moment.", "Try again in a minute.")
        try:
            taken = self.acting.take_back(record, session.person, why, press)
        except Gone:
            again = "Install it there again, or take the change back with git."
            return _refused(page, 409, "The App is not installed on the repository any more.", again)
        except Doubtful:
            title, said = "It may have been asked for", "The database did not answer whether it keeps that."
            hint = "Open the page again in a minute: it says what is under way."
            return message(503, title, said, hint=hint, action=("Back to the page", page))
        except Unavailable:
            return _refused(page, 503, "GitHub or the database did not answer.", "Try again in a minute.")
        except Refusal as refusal:
            return _refused(
                page, 502, refusal.reason, refusal.hint or "Try again; if it stays so, tell who runs the server."
            )
        finally:
            self.busy.release()
        if taken is Taken.SENT:
            return _refused(page, 409, "This form was sent already: open the page again.")
        if taken is Taken.NOT_MERGED:
            return _refused(page, 409, "There is nothing to take back: it is not merged, or taken back already.")
        if taken is Taken.TOO_OFTEN:
            return _refused(page, 429, "You asked for it again and again.", "Try again in an hour.")
        return RedirectResponse(page, 303, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class _Asking:
    record: Record
    session: Session
    page: str


def _refused(page: str, status: int, why: str, hint: str = "") -> Response:
    return message(status, NOTHING, why, hint=hint, action=("Back to the page", page))


def _page(request: Request, record: Record) -> str:
    """The details page with the key that this request had, and nothing else of its query."""
    key = request.query_params.get("key", "")
    return f"/details/{record.id}" + (f"?{urlencode({'key': key})}" if key else "")


def _form(request: Request, record: Record) -> str:
    path, _, query = _page(request, record).partition("?")
    return f"{path}/rollback" + (f"?{query}" if query else "")
