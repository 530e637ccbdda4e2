"""The server from its first to its last moment: the set-up where it is asked for, then everything."""

import secrets
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from urllib.parse import quote

from starlette.routing import Route

from app import settings as environment
from app.cli.output import put
from app.cli.serving.application import application
from app.cli.serving.listening import Server, address
from app.cli.serving.working import hide, questions, working
from app.dashboard import watching
from app.dashboard.pages import dashboard_routes
from app.dashboard.setup import setup_routes, setup_url
from app.dashboard.stored import Stored
from app.dashboard.undoing.enqueued import Enqueued
from app.github.web.identity import identify
from app.github.web.manifest import convert
from app.model.delivery import Delivery
from app.operations.redaction import register
from app.settings import ServerSettings, credentials_file, save_credentials
from app.store import inbox
from app.store.connect import Store
from app.store.proposed import stops
from app.views.links import operator_token
from app.webhooks.naming import jobs_named
from app.webhooks.probes import Probes
from app.webhooks.receive import PATH, Accept, Receipt, Receiver
from app.webhooks.signature import Signatures
from app.workflows.durable.hourly import Hourly
from app.workflows.durable.naming import called
from app.workflows.durable.pump import Pump

PUMP = 2.0
"""Seconds that the delivery at hand may take when the server ends."""


def serve(settings: ServerSettings, listening: socket.socket, *, setup: bool, worker: bool, proxies: str = "") -> None:
    """Serves until a signal. `proxies` are the addresses whose word on a client's address counts. Raises Refusal."""
    hide(settings)
    if setup and settings.app_id is None:
        registered = set_up(settings, listening, proxies)
        if registered is None:
            return
        settings = registered
    signatures = Signatures([secret.get_secret_value().encode() for secret in settings.webhook_secrets])
    with ExitStack() as open_:
        house = open_.enter_context(working(settings, worker))
        asked_for = partial(jobs_named, app_id=house.app.app_id, called=partial(called, house.store, house.app))
        pump = Pump(house.store, asked_for, house.durable.enqueue, house.durable.again)
        hourly = Hourly(house.durable.enqueue, changed=partial(stops.changed, house.store))
        open_.callback(hourly.stop)
        open_.callback(pump.stop, PUMP)
        receiver = Receiver(signatures, accepting(house.store, pump.wake))
        open_.callback(receiver.close)
        asked = questions(house) | {"pump": partial(_pumping, pump)}
        inbox_now = partial(waiting, house.store)
        probes = Probes(asked, inbox_now)
        open_.callback(probes.close)
        pump.start()
        hourly.start()
        shown = Stored(house.store, watching.running(house.durable.unended), watching.parts(asked, inbox_now))
        acting = Enqueued(
            house.store,
            house.durable.enqueue,
            house.durable.known,
            house.durable.outcome,
            house.app.installation_of,
        )
        who = partial(identify, settings, told=house.app.client.told)
        pages = dashboard_routes(settings, shown, acting, who)
        app = application([receiver.route()], probes.routes(), pages)
        Server(app, lambda: put(_ready(settings, address(listening))), proxies).run([listening.dup()])


def set_up(settings: ServerSettings, listening: socket.socket, proxies: str = "") -> ServerSettings | None:
    """Serves the set-up until an App is registered, and returns the settings with its credentials; None where a signal
    came first."""
    token = secrets.token_urlsafe(32)
    register(token)
    here = settings.public_url or address(listening)

    def ready() -> None:
        put(f"selfmod serves on {address(listening)}; no App is registered yet. Next: open {setup_url(here, token)}")

    pages = setup_routes(
        settings,
        token,
        partial(convert, settings),
        partial(save_credentials, settings.data_dir),
        lambda _: server.stop(),
        credentials_file(settings.data_dir).exists,
    )
    server = Server(application([Route("/healthz", Probes({}).healthz)], pages), ready, proxies)
    server.run([listening.dup()])
    return None if server.signalled else environment.read()


def accepting(store: Store, wake: Callable[[], object]) -> Accept:
    """The store's inbox as the receiver wants it."""

    def accept(delivery: Delivery) -> Receipt:
        accepted = inbox.accept(store, delivery)
        if accepted is not inbox.Accepted.DUPLICATE:
            wake()
        return Receipt.NEW if accepted is inbox.Accepted.NEW else Receipt.DUPLICATE

    return accept


def waiting(store: Store) -> tuple[int, float]:
    """Deliveries that wait, and for how many seconds the oldest has."""
    first = inbox.oldest(store)
    return inbox.pending_count(store), 0.0 if first is None else max(0.0, time.time() - first)


def _pumping(pump: Pump) -> str:
    return "" if pump.alive else "the thread that turns deliveries into jobs has ended"


def _ready(settings: ServerSettings, here: str) -> str:
    """The line that is printed. The link to the pages holds a secret: it is for a terminal, not for what is kept of the
    output elsewhere."""
    base = settings.public_url or here
    terminal = sys.stdout is not None and sys.stdout.isatty()
    token = quote(operator_token(settings), safe="") if terminal else "SELFMOD_OPERATOR_TOKEN"
    return f"selfmod serves on {here}; webhooks at {base}{PATH}; pages at {base}/?token={token}. Next: selfmod doctor"
