"""What every process that enqueues or runs jobs is composed of: the server, and the workers beside it."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Never, cast
from urllib.parse import parse_qs, unquote, urlsplit

from app.cli.serving.verbs import HOOKS, VERBS
from app.github import values
from app.github.app import App
from app.github.app import connect as connect_github
from app.model.call import Call
from app.model.job import Job
from app.model.trouble import Gone
from app.operations import metrics
from app.operations.redaction import register, watch
from app.settings import ServerSettings
from app.store import calls, inbox
from app.store.connect import Store, opened
from app.views.links import operator_token
from app.workflows.durable.jobs import Durable
from app.workflows.durable.naming import elsewhere, named
from app.workflows.host import Host
from app.workflows.steps import Tools
from app.workflows.stopping.guard import guarded

STEPS = 4.0
"""Seconds that running steps may take when the process ends; then their jobs go back to the queue."""


@dataclass(frozen=True, slots=True)
class Working:
    """A process at work."""

    settings: ServerSettings
    store: Store
    app: App
    durable: Durable
    nowhere: Host
    """The host of jobs that belong to no repository: whatever is asked of it is not there."""


@contextmanager
def working(settings: ServerSettings, worker: bool) -> Iterator[Working]:
    """Store, GitHub and jobs, until the block ends; `worker` also runs jobs here. Raises Refusal where the database or
    the App's credentials are missing."""
    hide(settings)
    with ExitStack() as open_:
        store = opened(settings)
        open_.callback(store.close)

        def told(call: Call) -> None:
            metrics.called(call.purpose, call.outcome, call.seconds)
            calls.log(store, call.purpose, call.target, call.outcome, call.seconds, call.repository)

        app = connect_github(settings, told)
        open_.callback(app.close)
        watch(app.tokens.secrets)
        open_.callback(watch, tuple)
        nowhere = cast(Host, _Nowhere(app.app_id))
        tools = Tools(nowhere, store, settings, forge=app)

        def tools_for(job: Job, cancelled: Callable[[], bool]) -> Tools:
            host = nowhere
            if job.repository:
                host = guarded(of_job(app, job), store, job)
            return dataclasses.replace(tools, host=host, cancelled=cancelled)

        now, found = partial(named, store, app), partial(elsewhere, store, app)
        durable = Durable(settings, store, VERBS, tools_for, HOOKS, named=now, elsewhere=found)
        open_.callback(durable.stop, STEPS)
        durable.launch(worker)
        yield Working(settings, store, app, durable, nowhere)


def of_job(app: App, job: Job) -> Host:
    """The host of a job's repository. Raises Gone where another one has the name by now, which no delivery told yet:
    its number is not the one that the job was asked for."""
    host = app.host(job.repository, job.installation)
    if job.repository_id and values.number(host.facts, "id") != job.repository_id:
        raise Gone(f"the repository that was called {job.repository}")
    return cast(Host, host)


def questions(house: Working) -> dict[str, Callable[[], str]]:
    """What must be so for a process to do its work, by what it is about: what is wrong, in a sentence."""

    def database() -> str:
        inbox.pending_count(house.store)
        return ""

    return {
        "database": database,
        "jobs": lambda: "" if house.durable.alive else "the threads that look after jobs have ended",
    }


def hide(settings: ServerSettings) -> None:
    """From now on none of these secrets leaves in a log."""
    own = (settings.private_key, settings.client_secret, settings.operator_token, settings.audit_key)
    secrets = [*own, *settings.webhook_secrets]
    database = urlsplit(settings.database_url)
    password, made = database.password or "", operator_token(settings)
    named = parse_qs(database.query).get("password", [])
    register(*(secret.get_secret_value() for secret in secrets), made, password, unquote(password), *named)


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Has nothing."""

    app_id: int
    repository: str = ""

    def __getattr__(self, name: str) -> Never:
        raise Gone(f"a job without a repository asked for {name[:40]}")
