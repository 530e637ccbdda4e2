"""Proposals, check runs and comments of a local repository, as a forge would keep them: what `app.local.keeping` asks
for. One who writes at a time holds the repository's lock; each call is a transaction of its own."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.model.forge import CheckRun, Comment, Person, Pull, SeenRun
from app.store.connect import Store
from app.store.tables import LocalComment, LocalPull, LocalRun
from app.store.text import kept

_CHANGING = ("title", "body", "head", "base_ref", "base_sha", "open", "merged", "merge_commit", "labels", "updated")
"""Columns of a proposal that putting it again replaces."""


class Kept:
    """Of the one repository `repository`, whose proposals are all by `author`, with runs of the App numbered `app`.
    Every call raises Unavailable where the store does not answer."""

    def __init__(self, store: Store, repository: str, author: Person, app: int) -> None:
        self._store, self._repository, self._author, self._app = store, repository, author, app

    def add(self, pull: Pull) -> Pull:
        """Keeps a new one, and returns it with its number and times."""
        now = _now()
        made = replace(pull, created=now, updated=now)
        statement = insert(LocalPull).values(**_row(made), created=now).returning(col(LocalPull.number))
        return replace(
            made, number=self._store.main.write(lambda found: int(found.execute(statement).scalar_one() or 0))
        )

    def put(self, pull: Pull) -> Pull:
        """Keeps it as it stands now."""
        made = replace(pull, updated=_now())
        row = {name: value for name, value in _row(made).items() if name in _CHANGING}
        change = update(LocalPull).where(col(LocalPull.number) == pull.number).values(**row)
        self._store.main.write(lambda connection: connection.execute(change))
        return made

    def pull(self, number: int) -> Pull | None:
        """The one of a number, None where there is none."""
        wanted = select(LocalPull).where(col(LocalPull.number) == number)
        row = self._store.main.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else self._pull(row)

    def pulls(self) -> tuple[Pull, ...]:
        """All of them, the newest first."""
        wanted = select(LocalPull).order_by(col(LocalPull.number).desc())
        return tuple(self._pull(row) for row in self._store.main.read(lambda found: found.execute(wanted).all()))

    def runs(self, head: str) -> tuple[SeenRun, ...]:
        """The check runs of a commit."""
        wanted = select(LocalRun).where(col(LocalRun.head) == head).order_by(col(LocalRun.number))
        rows = self._store.main.read(lambda connection: connection.execute(wanted).all())
        return tuple(
            SeenRun(
                id=row.number,
                name=row.name,
                head=row.head,
                key=row.key,
                status="completed" if row.conclusion else "in_progress",
                conclusion=row.conclusion,
                title=row.title,
                app=self._app,
                annotations=row.annotations,
            )
            for row in rows
        )

    def put_run(self, run: CheckRun) -> int:
        """Keeps the one check run of this name and commit, and returns its number."""
        row = {
            "head": run.head,
            "name": kept(run.name, 100),
            "key": kept(run.key),
            "conclusion": run.conclusion.value if run.conclusion else "",
            "title": kept(run.title),
            "summary": kept(run.summary),
            "text": kept(run.text),
            "annotations": len(run.annotations),
        }
        made = self._insert(LocalRun).values(**row)
        replaced = {name: made.excluded[name] for name in row if name not in ("head", "name")}
        statement = made.on_conflict_do_update(index_elements=["head", "name"], set_=replaced)
        returned = statement.returning(col(LocalRun.number))
        return int(self._store.main.write(lambda connection: connection.execute(returned).scalar_one()))

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Those of a proposal, the oldest first, each with the marker that it is known by before it."""
        wanted = select(LocalComment).where(col(LocalComment.pull) == number).order_by(col(LocalComment.number))
        return tuple(
            Comment(
                id=row.number,
                author=self._author,
                body=f"<!-- {row.marker} generation={row.generation} -->\n{row.body}",
                created=row.created,
                updated=row.updated,
                own=True,
            )
            for row in self._store.main.read(lambda connection: connection.execute(wanted).all())
        )

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        """Keeps the one comment of this marker; one of a newer generation stays."""
        now = _now()
        row = {"pull": number, "marker": kept(marker, 200), "generation": generation, "body": kept(body)}
        made = self._insert(LocalComment).values(**row, created=now, updated=now)
        replaced = {name: made.excluded[name] for name in ("generation", "body", "updated")}
        statement = made.on_conflict_do_update(
            index_elements=["pull", "marker"],
            set_=replaced,
            where=col(LocalComment.generation) <= made.excluded.generation,
        )
        self._store.main.write(lambda connection: connection.execute(statement))

    def remove_comment(self, number: int, marker: str) -> None:
        """Removes it, where it is there."""
        own = col(LocalComment.pull) == number, col(LocalComment.marker) == kept(marker, 200)
        gone = delete(LocalComment).where(*own)
        self._store.main.write(lambda connection: connection.execute(gone))

    def _insert(self, table: Any) -> Any:
        return (postgresql if self._store.postgresql else sqlite).insert(table)

    def _pull(self, row: Row[Any]) -> Pull:
        return Pull(
            number=row.number,
            title=row.title,
            body=row.body,
            author=self._author,
            head=row.head,
            head_ref=row.head_ref,
            head_repository=self._repository,
            base_ref=row.base_ref,
            base_sha=row.base_sha,
            repository=self._repository,
            open=bool(row.open),
            merged=bool(row.merged),
            labels=tuple(json.loads(row.labels)),
            updated=row.updated,
            created=row.created,
            own=True,
            merge_commit=row.merge_commit,
        )


def _row(pull: Pull) -> dict[str, Any]:
    return {
        "title": kept(pull.title),
        "body": kept(pull.body),
        "head": pull.head,
        "head_ref": kept(pull.head_ref, 255),
        "base_ref": kept(pull.base_ref, 255),
        "base_sha": pull.base_sha,
        "open": pull.open,
        "merged": pull.merged,
        "merge_commit": pull.merge_commit,
        "labels": json.dumps(list(pull.labels)),
        "updated": pull.updated,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
