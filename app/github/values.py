"""GitHub's JSON as values and texts as GitHub takes them. Reading is tolerant: a field that is missing, null or of
another type is empty; what is there is somebody's text and stays that."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from app.model.forge import Comment, Committer, Opinion, Person, Pull, Review, Role, SeenRun
from checks.model.errors import Refusal

TEXT_LIMIT = 65_535
"""Characters of a body, a summary or a text."""
TITLE_LIMIT = 255
"""Characters of a check run's title, which GitHub does not document; of an annotation's, which it does."""
_CUT = "\n\n… the rest was cut: GitHub takes no more."
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_REPOSITORY = re.compile(r"[A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100}")
_PERMISSIONS = (
    ("admin", Role.ADMIN),
    ("maintain", Role.MAINTAIN),
    ("push", Role.WRITE),
    ("triage", Role.TRIAGE),
    ("pull", Role.READ),
)


def text(data: Any, *names: str) -> str:
    """The string at this path of objects, empty where there is none."""
    found = at(data, *names)
    return found if isinstance(found, str) else ""


def number(data: Any, *names: str) -> int:
    """The whole number at this path of objects, 0 where there is none."""
    found = at(data, *names)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def at(data: Any, *names: str) -> Any:
    """What lies at this path of objects."""
    for name in names:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def items(data: Any, *names: str) -> list[Any]:
    """The list at this path of objects, empty where there is none."""
    found = at(data, *names)
    return found if isinstance(found, list) else []


def person(data: Any) -> Person | None:
    """An account; None where it is null: deleted, or an address that belongs to nobody."""
    if not text(data, "login"):
        return None
    login = text(data, "login")
    return Person(login, number(data, "id"), text(data, "type") == "Bot" or login.endswith("[bot]"))


GHOST = Person("ghost", 0)
"""Whom GitHub shows in place of a deleted account."""


def pull(data: Any, repository: str) -> Pull:
    """A pull request. Teams are of the repository's owner: their own organisation is not said."""
    owner = repository.partition("/")[0]
    people = [text(each, "login") for each in items(data, "requested_reviewers")]
    teams = [f"{owner}/{text(each, 'slug')}" for each in items(data, "requested_teams")]
    return Pull(
        number=number(data, "number"),
        title=text(data, "title"),
        body=text(data, "body"),
        author=person(at(data, "user")) or GHOST,
        head=text(data, "head", "sha"),
        head_ref=text(data, "head", "ref"),
        head_repository=text(data, "head", "repo", "full_name"),
        base_ref=text(data, "base", "ref"),
        base_sha=text(data, "base", "sha"),
        repository=text(data, "base", "repo", "full_name") or repository,
        open=text(data, "state") == "open",
        merged=bool(at(data, "merged")) or bool(text(data, "merged_at")),
        draft=at(data, "draft") is True,
        labels=tuple(text(each, "name") for each in items(data, "labels")),
        requested=tuple(people + teams),
        url=text(data, "html_url"),
        updated=text(data, "updated_at"),
        created=text(data, "created_at"),
        armed=isinstance(at(data, "auto_merge"), Mapping),
        merge_commit=text(data, "merge_commit_sha") if text(data, "merged_at") else "",
        armed_by=person(at(data, "auto_merge", "enabled_by")),
    )


def committer(data: Any) -> Committer:
    """One commit of a pull request."""
    verified = at(data, "commit", "verification", "verified") is True
    return Committer(text(data, "sha"), person(at(data, "author")), person(at(data, "committer")), verified)


def review(data: Any) -> Review:
    """A review; an opinion that is not known is no approval."""
    said = text(data, "state").upper()
    opinion = Opinion(said) if said in Opinion else Opinion.COMMENTED
    by = person(at(data, "user")) or GHOST
    return Review(number(data, "id"), by, opinion, text(data, "commit_id"), text(data, "submitted_at"))


def role(data: Any) -> Role:
    """What a collaborator may do. A role of the organisation's own has a name that says nothing: then what GitHub
    derives from it counts, and what is not known is nothing."""
    for name in (text(data, "role_name"), text(data, "permission")):
        if name in Role:
            return Role(name)
    granted = at(data, "permissions") or at(data, "user", "permissions")
    return next((found for name, found in _PERMISSIONS if at(granted, name) is True), Role.NONE)


def run(data: Any) -> SeenRun:
    """A check run."""
    return SeenRun(
        id=number(data, "id"),
        name=text(data, "name"),
        head=text(data, "head_sha"),
        key=text(data, "external_id"),
        status=text(data, "status"),
        conclusion=text(data, "conclusion"),
        title=text(data, "output", "title"),
        app=number(data, "app", "id"),
        annotations=number(data, "output", "annotations_count"),
    )


def comment(data: Any, own: bool) -> Comment:
    """A comment on an issue or a pull request."""
    by = person(at(data, "user")) or GHOST
    times = text(data, "created_at"), text(data, "updated_at")
    return Comment(
        number(data, "id"),
        by,
        text(data, "body"),
        *times,
        own,
        isinstance(at(data, "performed_via_github_app"), Mapping),
    )


def sendable(value: str, most: int, note: str = "…") -> str:
    """The text as GitHub takes it: no NUL and no half characters, cut at `most` with a note that it was."""
    value = _UNSENDABLE.sub("\ufffd", value)
    return value if len(value) <= most else value[: most - len(note)] + note


def body(value: str) -> str:
    """A comment, summary or text that is not too long."""
    return sendable(value, TEXT_LIMIT, _CUT)


def line(value: str, most: int = TITLE_LIMIT) -> str:
    """One line that is not too long."""
    return sendable(" ".join(value.split()), most)


def segment(value: str) -> str:
    """One part of an address's path, whatever characters a stranger's name has. Raises Refusal for what would change
    the path."""
    if value in ("", ".", "..") or "\0" in value:
        raise Refusal(f"{value!r} is no name.")
    return quote(_UNSENDABLE.sub("\ufffd", value), safe="")


def path(value: str) -> str:
    """A path or a branch as part of an address's path."""
    return "/".join(segment(part) for part in value.split("/"))


def checked_repository(value: str) -> str:
    """`owner/name` as it came. Raises Refusal for what is none."""
    name = value.partition("/")[2]
    if not _REPOSITORY.fullmatch(value) or name in (".", "..") or name.casefold().endswith(".git"):
        raise Refusal(f"{value[:100]!r} is no repository.", "Write owner/name.")
    return value


def same(one: str, other: str) -> bool:
    """Whether two logins or names are one for GitHub, which ignores case."""
    return one.casefold() == other.casefold()


def keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object without what is empty."""
    return {name: value for name, value in pairs if value not in ("", None, 0, ())}
