"""Everything that a details page is made of, read once, and the addresses that its parts link."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.dashboard.plain import Plain, part, rows, text
from app.dashboard.reading import Brief, Entry, Record, Stood
from app.settings import ServerSettings
from app.views import links
from checks.model.safety import Level

LEVELS = tuple(each.value for each in Level)


@dataclass(frozen=True, slots=True)
class Case:
    """`records` are all of the pull request, the newest first; `stood` None where nobody weighed approvals;
    `undo` is the command that takes the merged change back, empty where there is nothing to take back."""

    record: Record
    settings: ServerSettings
    stood: Stood | None = None
    entries: Sequence[Entry] = ()
    records: Sequence[Brief] = ()
    undo: str = ""

    @property
    def level(self) -> str:
        """The level, `unknown` where the record has none of ours: it is part of a class name in the page."""
        return level_of(self.record)

    @property
    def superseded_by(self) -> Brief | None:
        """A newer record of the pull request."""
        newest = self.records[0] if self.records else None
        return newest if newest is not None and newest.id != self.record.id else None

    @property
    def stages(self) -> Sequence[Plain]:
        """The stages as the record has them."""
        return rows(self.record.document, "stages")

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the stages that failed or could not be carried out."""
        return tuple(text(each, "stage") for each in self.stages if text(each, "state") in ("failed", "error"))

    @property
    def repository_url(self) -> str:
        """At GitHub."""
        return f"{self.settings.github_url.rstrip('/')}/{quote(self.record.repository)}"

    @property
    def pull_url(self) -> str:
        """At GitHub."""
        return f"{self.repository_url}/pull/{self.record.number}" if self.record.number else self.repository_url

    def commit_url(self, commit: str) -> str:
        """At GitHub."""
        return f"{self.repository_url}/commit/{quote(commit, safe='')}"

    def file_url(self, file: str, line: int) -> str:
        """A line of the head at GitHub."""
        anchor = f"#L{line}" if line else ""
        return f"{self.repository_url}/blob/{quote(self.record.head, safe='')}/{quote(printable(file))}{anchor}"

    def details(self, record: Record | Brief) -> str:
        """The page of another record here, without scheme and host: those are the browser's to know."""
        return local(links.details_url(self.settings, record.id), self.settings)

    def document(self, record: Record) -> str:
        """The same as JSON."""
        path, _, query = self.details(record).partition("?")
        return f"{path}.json?{query}" if path else ""


def level_of(record: Record) -> str:
    """The level of a record, `unknown` where it has none of ours."""
    return known(text(record.decision, "level") or text(part(record.document, "assessment"), "level"))


def known(level: str) -> str:
    """The same level, `unknown` where it is none of ours."""
    return level if level in LEVELS else "unknown"


def local(url: str, settings: ServerSettings) -> str:
    """An address of this server as a path: what it is behind may call it by another name."""
    return url.removeprefix(settings.public_url.rstrip("/")) if settings.public_url else ""


def printable(path: str) -> str:
    """A path without lone surrogates, which no address can hold."""
    return path.encode("utf-8", "replace").decode()
