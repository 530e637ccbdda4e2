"""Entry points for reading: a repository, things by their node id, who asks."""

from typing import Any

from app.standin.graphql.views import Commit, Ref, ref
from app.standin.graphql.words import Told, missing, sees
from app.standin.routing import Call
from app.standin.state import Account, Comment, Pull, Repository, Review


def repository(root: Any, call: Call, owner: str, name: str, followRenames: bool = True) -> Repository:
    found = call.world.repository(f"{owner}/{name}")
    if found is None or not sees(call, found):
        raise Told(f"Could not resolve to a Repository with the name '{owner}/{name}'.", "NOT_FOUND")
    return found


def node(root: Any, call: Call, id: str) -> Any:
    """What a node id names, if the caller may see it."""
    found = _ref(call, id) or _commit(call, id) or call.world.nodes.get(id)
    home = found if isinstance(found, Repository) else _home(found)
    if found is None or (home is None and not isinstance(found, Account)) or (home and not sees(call, home)):
        raise missing(id)
    return found


def _home(found: Any) -> Repository | None:
    """The repository that a thing lies in; None for accounts and for what GraphQL does not show."""
    match found:
        case Pull() | Ref() | Commit():
            return found.repository
        case Comment():
            return found.issue.repository
        case Review():
            return found.pull.repository
    return None


def nodes(root: Any, call: Call, ids: list[str]) -> list[Any]:
    return [node(root, call, each) for each in ids]


def _ref(call: Call, number: str) -> Ref | None:
    kind, _, rest = number.partition("_")
    home, _, name = rest.partition("_")
    if kind != "REF":
        return None
    homes = [each for each in call.world.repositories.values() if str(each.id) == home]
    return ref(homes[0], name) if homes else None


def _commit(call: Call, number: str) -> Commit | None:
    if not number.startswith("C_") or len(number) != 42:
        return None
    homes = (each for each in call.world.repositories.values() if each.git.has(number[2:]))
    home = next(homes, None)
    return Commit(home, number[2:]) if home else None


def viewer(root: Any, call: Call) -> Account:
    return call.actor


FIELDS = {"node": node, "nodes": nodes, "repository": repository, "viewer": viewer}
