"""The hidden first line of a proposal's body that says which modification it is. Pure.

Only bodies of pull requests that the token's own account opened are read. Who may write to the repository can change
them all the same: so nothing in them makes an approval count (who asked stands in the commits too), and the head that
they name makes a level lower only for commits of this account that GitHub itself signed (`StatelessHost.commits`)."""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.action.stateless.said import moment
from app.model.forge import Pull
from app.model.modification import IDENTIFIER, Modification, Sort, Status

_LINE = re.compile(r"\A<!-- selfmod:modification (\{[^\r\n]{1,40000}\}) -->\r?\n?")
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_REVERTS = re.compile(rf"(?:{IDENTIFIER.pattern}|#[1-9][0-9]{{0,17}})?")
_KEPT = (Status.SUPERSEDED, Status.FAILED)
"""How a modification may end that its pull request does not show."""


def line(made: Modification) -> str:
    """The line of a modification. Nothing in it can end the HTML comment."""
    facts: dict[str, Any] = {
        "sort": made.sort.value,
        "branch": made.branch,
        "into": made.base_ref,
        "base": made.base,
        "head": made.head,
        "by": made.requester,
        "keys": list(made.keys),
        "reverts": made.reverts,
    }
    if made.status in _KEPT:
        facts |= {"status": made.status.value, "reason": made.reason[:200]}
    text = json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=True, sort_keys=True)
    return (
        f"<!-- selfmod:modification {text.replace('-', '\\u002d').replace('<', '\\u003c').replace('>', '\\u003e')} -->"
    )


def marked(body: str, made: Modification) -> str:
    """A body that begins with the line of a modification, instead of another one that it may begin with."""
    return f"{line(made)}\n{_LINE.sub('', body)}"


def told(body: str) -> str:
    """The line that a body begins with, empty where it begins with none."""
    found = _LINE.match(body)
    return found[0].strip() if found else ""


def modification(pull: Pull) -> Modification | None:
    """What a pull request of our own says that it is, as it stands now; None where it says nothing, or something that
    is not about its branch. `Status.ROLLED_BACK` is not told by it alone."""
    found = _LINE.match(pull.body)
    facts = _facts(found[1]) if found else None
    if facts is None or facts["branch"] != pull.head_ref:
        return None
    return Modification(
        repository=pull.repository,
        sort=Sort(facts["sort"]),
        branch=pull.head_ref,
        base_ref=facts["into"],
        title=pull.title,
        base=facts["base"],
        head=facts["head"],
        number=pull.number,
        requester=facts["by"],
        keys=tuple(facts["keys"]),
        reverts=facts["reverts"],
        status=_status(pull, facts["status"]),
        merged=pull.merge_commit,
        reason=facts["reason"] or ("closed" if not pull.open and not pull.merged else ""),
        created=moment(pull.created),
    )


def _status(pull: Pull, said: str) -> Status:
    if pull.merged:
        return Status.APPLIED
    if pull.open:
        return Status.PENDING_APPROVAL
    return Status(said) if said in _KEPT else Status.REJECTED


def _facts(text: str) -> Mapping[str, Any] | None:
    """The values, each of the kind that it must be; None where one is not."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    texts = ("sort", "branch", "into", "base", "head", "by", "reverts", "status", "reason")
    facts = {name: read.get(name, "") for name in texts} | {"keys": read.get("keys", [])}
    keys = facts["keys"]
    if not all(isinstance(facts[name], str) for name in texts) or not isinstance(keys, list) or len(keys) > 1_000:
        return None
    fits = (
        facts["sort"] in list(Sort)
        and all(_COMMIT.fullmatch(facts[name]) for name in ("base", "head"))
        and _REVERTS.fullmatch(facts["reverts"])
        and all(isinstance(each, str) and 0 < len(each) <= 200 for each in keys)
    )
    return facts if fits else None
