"""The pages of the dashboard: the start, the records of a pull request, one record whole."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.dashboard import access, details
from app.dashboard.answers import message, page, static_routes
from app.dashboard.parts.case import Case, level_of
from app.dashboard.reading import Brief, Reading, Record
from app.dashboard.signing.pages import Identify, signing_routes
from app.dashboard.undoing import pages as undoing
from app.dashboard.undoing.acting import Acting
from app.settings import ServerSettings
from app.views import links

NEWEST = 50
"""Records on the start page."""
_ID = re.compile(r"mod_[0-9a-f]{12}")
_LARGEST_NUMBER = 2**31


def dashboard_routes(
    settings: ServerSettings, reading: Reading, acting: Acting | None = None, identify: Identify | None = None
) -> list[Route]:
    """All pages for people but the set-up. Handlers run in threads. `acting` does what a button asks for, for who is
    signed in by `identify`; without both nobody signs in and nothing acts."""
    signing = signing_routes(settings, identify) if acting is not None and identify is not None else []
    desk = _Desk(settings, reading, acting if signing else None)
    return [
        *signing,
        Route("/", desk.start),
        Route("/details/{id}.json", desk.document),
        Route("/details/{id}", desk.details),
        *desk.buttons(),
        Route("/{owner}/{name}/pull/{number:int}", desk.pull),
        *static_routes(),
    ]


@dataclass(frozen=True, slots=True)
class _Desk:
    settings: ServerSettings
    reading: Reading
    acting: Acting | None

    def buttons(self) -> list[Route]:
        """What acts, where anything does."""
        if self.acting is None:
            return []
        button = undoing.Button(self.settings, self.acting, self._record, _nothing)
        return [Route("/details/{id}/rollback", button.press, methods=["POST"])]

    def start(self, request: Request) -> Response:
        if inside := access.entered(request, self.settings):
            return inside
        if not access.is_operator(request, self.settings):
            return message(
                403,
                "This page is for who runs the server",
                "It opens with the link that selfmod serve prints in a terminal when it starts, or with "
                "?token= and the value of SELFMOD_OPERATOR_TOKEN at the end of its address.",
                hint="You came for one pull request? Open Details of its check run selfmod/gate at GitHub.",
            )
        records = self.reading.newest(NEWEST)
        values = {
            "stopped": self.reading.stopped(),
            "health": self.reading.health(),
            "running": self.reading.running(),
            "records": self._rows(records),
            "most": NEWEST,
            "github": self.settings.github_url,
        }
        return page("start.html", values)

    def details(self, request: Request) -> Response:
        if inside := access.entered(request, self.settings):
            return inside
        record = self._record(request)
        if record is None:
            return _nothing()
        case = self._case(record)
        button = undoing.view(self.settings, self.acting, request, record, case.undo)
        # what a form of the page is sent with is to name its origin; other servers still learn nothing
        referrer = "same-origin" if button.session else "no-referrer"
        kept = "no-store" if button.session else "private, no-cache"
        return page("details.html", details.values(case, button), cache_control=kept, referrer=referrer)

    def document(self, request: Request) -> Response:
        """The record as it is kept, for programs."""
        record = self._record(request)
        if record is None:
            return _nothing()
        value = {
            "id": record.id,
            "repository": record.repository,
            "number": record.number,
            "base": record.base,
            "head": record.head,
            "configuration": record.configuration,
            "document": record.document,
            "decision": record.decision,
        }
        headers = {
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Content-Disposition": f'inline; filename="{record.id}.json"',
        }
        return Response(json.dumps(value, indent=1), headers=headers, media_type="application/json")

    def pull(self, request: Request) -> Response:
        """The newest record's page; all of them with `list` in the query."""
        if inside := access.entered(request, self.settings):
            return inside
        repository = f"{request.path_params['owner']}/{request.path_params['name']}"
        number = request.path_params["number"]
        key = request.query_params.get("key", "")
        allowed = links.opens_pull(self.settings, repository, number, key)
        if not (allowed or access.is_operator(request, self.settings)) or not 0 < number < _LARGEST_NUMBER:
            return _nothing()
        if "list" not in request.query_params and (listed := self.reading.listed(repository, number)):
            return RedirectResponse(self._page_of(listed[0]), 303, {"Referrer-Policy": "no-referrer"})
        records = self.reading.of_pull(repository, number)
        case = Case(records[0], self.settings) if records else None
        values = {
            "repository": records[0].repository if records else repository,
            "number": number,
            "records": self._rows(records),
            "pull_url": case.pull_url if case else "",
        }
        return page("pull.html", values)

    def _record(self, request: Request) -> Record | None:
        """The record that is asked for, where it may be seen."""
        id = request.path_params["id"]
        if not _ID.fullmatch(id):
            return None
        allowed = links.opens_details(self.settings, id, request.query_params.get("key", ""))
        if not allowed and not access.is_operator(request, self.settings):
            return None
        return self.reading.record(id)

    def _case(self, record: Record) -> Case:
        records = self.reading.listed(record.repository, record.number) if record.number else ()
        stood, entries = self.reading.stood((record,)).get(record.id), self.reading.history(record)
        return Case(record, self.settings, stood, entries, records, self.reading.undo(record))

    def _rows(self, records: Sequence[Record]) -> list[dict[str, object]]:
        stood = self.reading.stood(records)
        return [
            {
                "record": each,
                "level": level_of(each),
                "state": details.state(Case(each, self.settings, stood.get(each.id))),
                "url": self._page_of(each),
            }
            for each in records
        ]

    def _page_of(self, record: Record | Brief) -> str:
        """With its key, so that the address can be given to somebody else who may see it."""
        address = links.details_url(self.settings, record.id)
        return address.removeprefix(self.settings.public_url.rstrip("/")) or f"/details/{record.id}"


def _nothing() -> Response:
    return message(
        404,
        "There is nothing here, or its key is missing",
        "A details page opens with the whole address that its check run has: the key at its end belongs to it.",
        hint="Open Details of the check run selfmod/gate at GitHub.",
    )
