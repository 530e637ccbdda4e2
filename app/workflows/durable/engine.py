"""DBOS as this App uses it: one queue, one workflow, arguments and results in JSON.

Not its defaults, and why: the version is written by hand, since DBOS computes one from the source and would strand what
is pending at every upgrade. The identifier of a process is unique, since DBOS would take the jobs of a living process
for those of a dead one of the same name. How many jobs one process runs stands in the process and not in the queue's
row, which all processes share."""

import contextvars
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, Queue, SetEnqueueOptions, SetWorkflowID, WorkflowStatus

from app.store.connect import Store

VERSION = 1
"""Raised by one when jobs that an older release left half done cannot be gone on with: a verb's steps got other names
or another order, or the state between them another meaning. Such jobs are then begun anew (`Engine.older`)."""
NAME = "selfmod"
WORKFLOW = "job"
QUEUE = "jobs"
POLL = 0.15
"""Seconds between two looks for work: an idle process needs about 2 % of one core for it."""
EVERYWHERE = 100_000
"""Jobs at once in all: no limit, but with one DBOS counts and takes in serializable transactions of PostgreSQL. In its
weaker ones two processes that see different jobs in front would together take more of an installation than they may."""
ATTEMPTS = 20
"""How often a job is picked up: one that takes its process down each time must end some day."""
WAITING = ("ENQUEUED", "DELAYED")
UNENDED = (*WAITING, "PENDING")

type Body = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], dict[str, Any]]
type Claiming = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Row:
    """A job as DBOS has it. `status` is DBOS's, `args` what it was enqueued with, `result` what it ended with (empty
    while it has not), `executor` the process that runs it, `version` the one that it was enqueued by, `created` when
    (seconds since the epoch)."""

    id: str
    status: str
    args: tuple[Any, ...]
    result: dict[str, Any]
    executor: str
    version: str
    created: float = 0.0

    @classmethod
    def of(cls, status: WorkflowStatus) -> "Row":
        args = tuple(status.input["args"]) if status.input else ()
        result = status.output if isinstance(status.output, dict) else {}
        who = status.executor_id or "", status.app_version or ""
        return cls(status.workflow_id, status.status, args, result, *who, (status.created_at or 0) / 1000)


def outside[**P, R](call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Calls without DBOS noticing that a step is running: what is asked inside is no part of the job."""
    return contextvars.Context().run(call, *args, **kwargs)


def _number(version: str) -> int:
    """4 of `jobs-4`, 0 of what is no version of ours."""
    number = version.removeprefix("jobs-")
    return int(number) if number.isascii() and number.isdigit() else 0


def database_of(store: Store) -> str:
    """The address of DBOS's tables: PostgreSQL's own database (schema `dbos`), or a file beside SQLite's, so that
    accepting deliveries never waits for it. That file is set to write ahead, once."""
    if store.postgresql:
        return store.engine.url.render_as_string(hide_password=False)
    path = store.data_dir / "jobs.db"
    with suppress(FileExistsError):  # it holds names of private repositories
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"


class Clocked(sqlite3.Connection):
    """Knows `unixepoch('subsec')`, which DBOS's tables use and SQLite has since 3.42: Debian 12 brings 3.40, where it
    is NULL. Source: https://sqlite.org/lang_datefunc.html."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(modifier: str) -> float:
    if modifier != "subsec":
        raise ValueError(modifier)
    return round(time.time(), 3)


class Engine:
    """DBOS, started and stopped. There is one in a process."""

    def __init__(self, url: str, executor: str, body: Body, version: int = VERSION) -> None:
        self.executor = executor
        self._version = version
        self._writer = threading.Lock()
        self._halted = threading.Event()
        log = logging.getLogger("dbos")
        if not log.handlers:  # its own handler would pass by the redaction of the root's
            log.addHandler(logging.NullHandler())
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": url,
            "application_version": self.version,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "use_listen_notify": False,
            "sys_db_pool_size": 10,
        }
        if url.startswith("sqlite"):
            config["db_engine_kwargs"] = {"connect_args": {"factory": Clocked}}
        self._dbos = DBOS(config=config)

        def job(plain: dict[str, Any], state: dict[str, Any], turn: dict[str, Any]) -> dict[str, Any]:
            return body(plain, state, turn)

        self._workflow = DBOS.workflow(name=WORKFLOW, max_recovery_attempts=ATTEMPTS - 1)(job)

    @property
    def version(self) -> str:
        return f"jobs-{self._version}"

    def launch(self, jobs: int, installation_jobs: int, claiming: Claiming | None = None, poll: float = POLL) -> None:
        """`jobs` at once in this process (0: it only enqueues), `installation_jobs` for one installation in all.
        `claiming` is held while jobs are counted and taken: on SQLite DBOS does the one outside of the transaction of
        the other, so that two processes would take more than they may."""
        if not jobs:
            DBOS.listen_queues([])
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=installation_jobs,
            global_concurrency=EVERYWHERE,
            polling_interval_sec=poll,
            on_conflict="always_update",
        )
        database = self._dbos._sys_db
        read = database.get_queue

        def of_this_process(name: str, **kwargs: Any) -> Queue | None:
            queue = read(name, **kwargs)
            if queue is not None and name == QUEUE:
                queue._worker_concurrency = 0 if self._halted.is_set() else jobs
            return queue

        database.get_queue = of_this_process  # type: ignore[method-assign]  # DBOS has no setting for it
        if claiming is not None:
            claim = database.start_queued_workflows

            def alone(*args: Any, **kwargs: Any) -> Any:
                with claiming():
                    return claim(*args, **kwargs)

            database.start_queued_workflows = alone  # type: ignore[method-assign]  # nor for this

    def put(self, name: str, partition: str, priority: int, args: tuple[Any, ...], delay: float = 0.0) -> None:
        """Enqueues; nothing where a job of this identifier is there already."""

        def enqueue() -> None:
            options = SetEnqueueOptions(
                queue_partition_key=partition, priority=priority, delay_seconds=delay if delay else None
            )
            with SetWorkflowID(name), options, self._writer:
                DBOS.enqueue_workflow(QUEUE, self._workflow, *args)

        outside(enqueue)

    def row(self, name: str) -> Row | None:
        found = outside(DBOS.get_workflow_status, name)
        return Row.of(found) if found else None

    def rows(self, *statuses: str, version: str | None = None) -> list[Row]:
        """All of these statuses."""
        found = outside(DBOS.list_workflows, status=list(statuses), app_version=version, load_output=False)
        return [Row.of(status) for status in found]

    def older(self) -> list[Row]:
        """Jobs of older versions that have not ended: none in a release that raised nothing."""
        found = outside(DBOS.list_application_versions)
        names = [version["version_name"] for version in found if 0 < _number(version["version_name"]) < self._version]
        return [row for name in names for row in self.rows(*UNENDED, version=name)]

    def anew(self, row: Row) -> str:
        """The identifier under which a job of an older version begins anew."""
        return f"{row.args[2]['base']}%{self.version}"

    def given_up(self) -> list[Row]:
        """Jobs that were picked up too often."""
        return self.rows("MAX_RECOVERY_ATTEMPTS_EXCEEDED")

    def wake(self, wanted: Callable[[dict[str, Any], dict[str, Any]], bool]) -> None:
        """Ends the delay of the jobs whose arguments (the job, and its turn) are wanted."""
        for row in self.rows("DELAYED"):
            if row.args and wanted(row.args[0], row.args[2]):
                outside(DBOS.set_workflow_delay, row.id, delay_seconds=0)

    def forget(self, before: float, most: int = 500) -> int:
        """Removes what ended before a time (seconds since the epoch), and returns how many jobs that were."""
        ended = ["SUCCESS", "ERROR", "CANCELLED"]
        when = datetime.fromtimestamp(before, UTC).isoformat()
        found = outside(
            DBOS.list_workflows, status=ended, completed_before=when, limit=most, load_input=False, load_output=False
        )
        if found:
            outside(DBOS.delete_workflows, [status.workflow_id for status in found])
        return len(found)

    def executors(self) -> set[str]:
        """The processes that have jobs running, the dead ones too."""
        found = outside(DBOS.list_workflows, status="PENDING", load_input=False, load_output=False)
        return {status.executor_id for status in found if status.executor_id}

    def recover(self, executor: str) -> int:
        """Gives the jobs that this process ran back to the queue, and returns how many."""
        return len(outside(DBOS._recover_pending_workflows, [executor]))

    def cancel(self, name: str) -> None:
        outside(DBOS.cancel_workflow, name)

    def active(self) -> int:
        """Jobs that this process is running."""
        return len(self._dbos._active_workflows_set.activeList())

    def halt(self) -> None:
        """Picks up nothing more."""
        self._halted.set()
        for event in self._dbos.background_thread_stop_events:
            event.set()

    def close(self) -> None:
        DBOS.destroy(destroy_registry=True)


def run_step(name: str, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Runs and records a step of the job that this thread is running, or returns what was recorded of it."""
    return DBOS.run_step({"name": name}, call)
