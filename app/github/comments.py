"""Comments of issues and pull requests, reactions to them, and labels.

A comment of ours begins with an HTML comment that holds its marker and the generation of the work that wrote it."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from app.github import values
from app.github.faults import Rejected
from app.github.place import Place, found_or_made
from app.model.forge import Comment
from app.model.trouble import Gone
from app.views.labels import LABELS
from checks.model.errors import Refusal

READ, WRITE = "conversation", "conversation: write"
_OTHER = ("6e7781", "")
_MARKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/-]{0,98}")

type Own = Callable[[Any], bool]
"""Whether this App wrote a comment, by its JSON."""


def is_own(data: Any, app_id: int, bot: Callable[[], int]) -> bool:
    """Whether the App of this number wrote it. A server that does not say which App did is asked for the number of
    the App's account, `bot`."""
    by = values.at(data, "performed_via_github_app")
    if isinstance(by, dict):
        return values.number(by, "id") == app_id
    author = values.person(values.at(data, "user"))
    return author is not None and author.bot and author.id > 0 and author.id == bot()


def several(place: Place, number: int, own: Own) -> tuple[Comment, ...]:
    """All comments, the oldest first."""
    found = place.pages(READ, f"issues/{int(number)}/comments")
    return tuple(values.comment(each, own(each)) for each in found)


def one(place: Place, id: int, own: Own) -> Comment:
    """One comment by its number."""
    data = place.get(READ, f"issues/comments/{int(id)}")
    return values.comment(data, own(data))


def issue(place: Place, number: int) -> str:
    """Title and text of an issue or pull request."""
    data = place.get(READ, f"issues/{int(number)}")
    return f"{values.text(data, 'title')}\n\n{values.text(data, 'body')}"


def put(place: Place, number: int, own: Own, marker: str, body: str, generation: int) -> None:
    """Makes or edits the one comment with this marker. One of a newer generation stays as it is. Where there are
    several, two processes having made one each, the first is kept."""
    text = values.body(f"{head(marker, generation)}\n{body}")

    def look() -> list[Comment] | None:
        return _marked(place, number, own, marker) or None

    def make() -> list[Comment]:
        data = place.send(WRITE, "POST", f"issues/{int(number)}/comments", {"body": text})
        return [values.comment(data, True)]

    first, *others = found_or_made(look, make)
    newest = max((generation_of(each.body, marker) or 0 for each in (first, *others)), default=0)
    if newest <= generation and first.body != text:
        place.send(WRITE, "PATCH", f"issues/comments/{first.id}", {"body": text}, repeatable=True)
    elif newest > generation and (generation_of(first.body, marker) or 0) < newest:
        keep = next(each for each in others if generation_of(each.body, marker) == newest)
        first, others = keep, [first, *(each for each in others if each is not keep)]
    for each in others:
        _delete(place, f"issues/comments/{each.id}")


def remove(place: Place, number: int, own: Own, marker: str) -> None:
    """Deletes our comments with this marker."""
    for each in _marked(place, number, own, marker):
        _delete(place, f"issues/comments/{each.id}")


def head(marker: str, generation: int) -> str:
    """The line that a comment of ours begins with. Raises Refusal for a marker that could close it."""
    return f"<!-- {_plain(marker)} generation={int(generation)} -->"


def generation_of(body: str, marker: str) -> int | None:
    """The generation in a comment's first line, None where it does not begin with this marker."""
    found = re.match(rf"<!-- {re.escape(_plain(marker))}(?: generation=(\d{{1,18}}))? -->", body)
    return int(found[1] or 0) if found else None


def _plain(marker: str) -> str:
    """The marker without the HTML comment that it may be written as."""
    name = marker.removeprefix("<!--").removesuffix("-->").strip()
    if not _MARKER.fullmatch(name) or "--" in name:
        raise Refusal(f"{marker[:100]!r} cannot mark a comment.", "Use letters, digits and : . _ / -")
    return name


def _marked(place: Place, number: int, own: Own, marker: str) -> list[Comment]:
    """Ours with this marker, the first one first; the marker is looked at before the author, who may cost a call."""
    data = place.pages(READ, f"issues/{int(number)}/comments")
    mine = [each for each in data if generation_of(values.text(each, "body"), marker) is not None and own(each)]
    return sorted((values.comment(each, True) for each in mine), key=lambda each: each.id)


def _delete(place: Place, path: str) -> None:
    try:
        place.send(WRITE, "DELETE", path)
    except Gone:  # by somebody else, or by the try before
        return


def react(place: Place, id: int, content: str) -> None:
    """Adds a reaction; GitHub keeps one of each kind, so that a second try adds nothing."""
    path = f"issues/comments/{int(id)}/reactions"
    place.send(WRITE, "POST", path, {"content": content}, repeatable=True)


def set_labels(place: Place, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
    """Adds and removes labels of an issue or pull request; makes those that the repository does not have."""
    path = f"issues/{int(number)}/labels"
    there = {values.text(each, "name").casefold(): values.text(each, "name") for each in place.pages(READ, path)}
    for name in remove:
        if name.casefold() in there:
            _delete(place, f"{path}/{values.segment(there[name.casefold()])}")
    missing = [name for name in dict.fromkeys(add) if name.casefold() not in there]
    for name in missing:
        _ensure_label(place, name)
    if missing:
        # adding what is there already changes nothing
        place.send(WRITE, "POST", path, {"labels": missing}, repeatable=True)


def _ensure_label(place: Place, name: str) -> None:
    found_or_made(lambda: _label(place, name), lambda: _made_label(place, name))


def _label(place: Place, name: str) -> bool | None:
    try:
        place.get(READ, f"labels/{values.segment(name)}")
    except Gone:
        return None
    return True


def _made_label(place: Place, name: str) -> bool:
    colour, description = LABELS.get(name, _OTHER)
    try:
        place.send(WRITE, "POST", "labels", {"name": name, "color": colour, "description": description})
    except Rejected as error:
        if error.status != 422:  # somebody else made it in between
            raise
    return True
