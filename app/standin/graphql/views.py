"""What GraphQL shows of the world's things: a function for each field that is no plain attribute.

`FIELDS` names them by type and field; `kind_of` gives the type of a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.standin.git import Ident
from app.standin.graphql.words import Page, Told, page, sees
from app.standin.routing import Call
from app.standin.rules import merge, verdict
from app.standin.shapes import commits as commit_shapes
from app.standin.shapes import issues as issue_shapes
from app.standin.state import Account, Closed, Comment, Label, Pull, Reopened, Repository, Review, iso, iso_or_none

Field = Callable[..., Any]
STATES = {"success": "SUCCESS", "pending": "PENDING", "failing": "FAILURE"}
SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----"


@dataclass(frozen=True)
class Ref:
    """`name` begins with `refs/`."""

    repository: Repository
    name: str

    @property
    def id(self) -> str:
        return f"REF_{self.repository.id}_{self.name}"


@dataclass(frozen=True)
class Commit:
    repository: Repository
    sha: str


@dataclass(frozen=True)
class Rollup:
    commit: Commit
    state: str


@dataclass(frozen=True)
class PullCommit:
    pull: Pull
    commit: Commit


@dataclass(frozen=True)
class Armed:
    """The auto-merge of a pull request."""

    pull: Pull
    value: dict[str, Any]


@dataclass(frozen=True)
class Payload:
    """What a mutation gives back: its fields by GraphQL's names."""

    fields: dict[str, Any]


def kind_of(value: Any) -> str:
    """The name of the type, for interfaces."""
    names = {Ref: "Ref", Commit: "Commit", Pull: "PullRequest", Repository: "Repository", Review: "PullRequestReview"}
    names |= {Comment: "IssueComment", Label: "Label", PullCommit: "PullRequestCommit", Rollup: "StatusCheckRollup"}
    names |= {Closed: "ClosedEvent", Reopened: "ReopenedEvent"}
    return str(value.kind) if isinstance(value, Account) else names[type(value)]


def ref(repository: Repository | None, name: str) -> Ref | None:
    """The ref if it is there."""
    if repository is None or name not in repository.git.refs(name):
        return None
    return Ref(repository, name)


def rollup(one: Commit) -> Rollup | None:
    state = verdict.rollup(one.repository, one.sha)
    return Rollup(one, STATES[state]) if state else None


def _address(call: Call, account: Account) -> str:
    return f"/apps/{account.login.removesuffix('[bot]')}" if account.kind == "Bot" else f"/{account.login}"


_ACTOR: dict[str, Field] = {
    "avatarUrl": lambda one, call, size=None: f"{call.world.web_url}/avatars/u/{one.id}?v=4",
    "databaseId": lambda one, call: one.id,
    "id": lambda one, call: one.node_id,
    "name": lambda one, call: one.name or None,
    "resourcePath": lambda one, call: _address(call, one),
    "url": lambda one, call: call.world.web_url + _address(call, one),
}


def _object(one: Repository, call: Call, expression: str | None = None, oid: str | None = None) -> Commit | None:
    """Commits only: a tree or file is read through REST."""
    sha = one.git.resolve(oid or expression or "")
    return Commit(one, sha) if sha else None


def _pull(one: Repository, call: Call, number: int) -> Pull:
    found = one.pull(number)
    if found is None:
        raise Told(f"Could not resolve to a PullRequest with the number of {number}.", "NOT_FOUND")
    return found


def _pulls(
    one: Repository,
    call: Call,
    after: str | None = None,
    baseRefName: str | None = None,
    first: int | None = None,
    headRefName: str | None = None,
    last: int | None = None,
    states: list[str] | None = None,
) -> Page:
    found = [
        pull
        for pull in one.pulls
        if (states is None or _state(pull) in states)
        and baseRefName in {None, pull.base_ref}
        and headRefName in {None, pull.head_ref}
    ]
    return page("pullRequests", found, first, last, after)


def _state(pull: Pull) -> str:
    return "MERGED" if pull.merged is not None else pull.issue.state.upper()


def _permission(one: Repository, call: Call) -> str | None:
    role = call.world.role(one, call.login)
    return None if role == "none" else role.upper()


_REPOSITORY: dict[str, Field] = {
    "autoMergeAllowed": lambda one, call: bool(one.settings["allow_auto_merge"]),
    "databaseId": lambda one, call: one.id,
    "defaultBranchRef": lambda one, call: ref(one, f"refs/heads/{one.default_branch}"),
    "id": lambda one, call: one.node_id,
    "isFork": lambda one, call: one.parent is not None,
    "isPrivate": lambda one, call: one.private,
    "mergeCommitAllowed": lambda one, call: bool(one.settings["allow_merge_commit"]),
    "nameWithOwner": lambda one, call: one.full_name,
    "object": _object,
    "pullRequest": _pull,
    "pullRequests": _pulls,
    "rebaseMergeAllowed": lambda one, call: bool(one.settings["allow_rebase_merge"]),
    "ref": lambda one, call, qualifiedName: ref(
        one, qualifiedName if qualifiedName.startswith("refs/") else f"refs/heads/{qualifiedName}"
    ),
    "squashMergeAllowed": lambda one, call: bool(one.settings["allow_squash_merge"]),
    "url": lambda one, call: f"{call.world.web_url}/{one.full_name}",
    "viewerPermission": _permission,
}

_REF: dict[str, Field] = {
    "name": lambda one, call: one.name.removeprefix(one.name[: one.name.index("/", 5) + 1]),
    "prefix": lambda one, call: one.name[: one.name.index("/", 5) + 1],
    "target": lambda one, call: Commit(one.repository, one.repository.git.refs(one.name)[one.name]),
}


def _person(ident: Ident) -> dict[str, Any]:
    return {"name": ident.name, "email": ident.email, "date": iso(ident.when)}


def _git(one: Commit) -> Any:
    return one.repository.git.commit(one.sha)


def _signature(one: Commit, call: Call) -> dict[str, Any] | None:
    if one.sha not in call.world.signed:
        return None
    return {
        "email": merge.GITHUB,
        "isValid": True,
        "keyId": "B5690EEEBB952194",
        "payload": "",
        "signature": SIGNATURE,
        "signer": None,
        "state": "VALID",
        "verifiedAt": commit_shapes.verification(call.world, one.sha)["verified_at"],
        "wasSignedByGitHub": True,
    }


def _commit_path(one: Commit) -> str:
    return f"/{one.repository.full_name}/commit/{one.sha}"


_COMMIT: dict[str, Field] = {
    "abbreviatedOid": lambda one, call: one.sha[:7],
    "author": lambda one, call: _person(_git(one).author),
    "commitResourcePath": lambda one, call: _commit_path(one),
    "commitUrl": lambda one, call: call.world.web_url + _commit_path(one),
    "committedDate": lambda one, call: iso(_git(one).committer.when),
    "committer": lambda one, call: _person(_git(one).committer),
    "id": lambda one, call: f"C_{one.sha}",
    "message": lambda one, call: _git(one).message,
    "messageBody": lambda one, call: _git(one).message.partition("\n\n")[2],
    "messageHeadline": lambda one, call: _git(one).message.partition("\n")[0],
    "oid": lambda one, call: one.sha,
    "parents": lambda one, call, after=None, first=None, last=None: page(
        "parents", [Commit(one.repository, sha) for sha in _git(one).parents], first, last, after
    ),
    "signature": _signature,
    "statusCheckRollup": lambda one, call: rollup(one),
    "url": lambda one, call: call.world.web_url + _commit_path(one),
}


def _reviews(one: Pull, call: Call, **given: Any) -> Page:
    found = [
        review
        for review in one.reviews
        if (given.get("states") is None or review.state in given["states"])
        and given.get("author") in {None, review.author.login}
        and (review.state != "PENDING" or review.author is call.caller.account)
    ]
    return page("reviews", found, given.get("first"), given.get("last"), given.get("after"))


def _latest_reviews(one: Pull, call: Call, **given: Any) -> Page:
    latest = {review.author.login: review for review in one.reviews if review.state != "PENDING"}
    return page("latestReviews", list(latest.values()), given.get("first"), given.get("last"), given.get("after"))


def _commits(one: Pull, call: Call, **given: Any) -> Page:
    shas = one.repository.git.log(one.head, one.base_sha)[::-1]
    found = [PullCommit(one, Commit(one.repository, sha)) for sha in shas]
    return page("commits", found, given.get("first"), given.get("last"), given.get("after"))


def _merge_state(one: Pull, call: Call) -> str:
    if not one.open:
        return "UNKNOWN"
    return "DIRTY" if verdict.conflicts(one) else verdict.merge_state(call.world, one).upper()


def _mergeable(one: Pull, call: Call) -> str:
    if not one.open:
        return "UNKNOWN"
    return "CONFLICTING" if verdict.conflicts(one) else "MERGEABLE"


def _may_arm(one: Pull, call: Call) -> bool:
    return one.open and not one.auto_merge and bool(one.repository.settings["allow_auto_merge"]) and _writes(one, call)


def _writes(one: Pull, call: Call) -> bool:
    if call.caller.kind == "installation":
        return call.caller.reaches(one.repository) and call.caller.has("contents", "write")
    return merge.may_merge(call.world, one.repository, call.actor)


_PULL: dict[str, Field] = {
    "author": lambda one, call: one.author,
    "autoMergeRequest": lambda one, call: Armed(one, one.auto_merge) if one.auto_merge else None,
    "baseRef": lambda one, call: ref(one.repository, f"refs/heads/{one.base_ref}"),
    "baseRefName": lambda one, call: one.base_ref,
    "baseRefOid": lambda one, call: one.base_sha,
    "baseRepository": lambda one, call: one.repository,
    "body": lambda one, call: one.issue.body or "",
    "closed": lambda one, call: not one.open,
    "closedAt": lambda one, call: iso_or_none(one.issue.closed),
    "comments": lambda one, call, after=None, first=None, last=None: page(
        "comments", one.issue.comments, first, last, after
    ),
    "commits": _commits,
    "createdAt": lambda one, call: iso(one.issue.created),
    "databaseId": lambda one, call: one.id,
    "editor": lambda one, call: one.issue.editor,
    "fullDatabaseId": lambda one, call: str(one.id),
    "headRef": lambda one, call: ref(one.head_repository, f"refs/heads/{one.head_ref}"),
    "headRefName": lambda one, call: one.head_ref,
    "headRefOid": lambda one, call: one.head,
    "headRepository": lambda one, call: (
        one.head_repository if one.head_repository and sees(call, one.head_repository) else None
    ),
    "id": lambda one, call: one.node_id,
    "includesCreatedEdit": lambda one, call: one.issue.edited is not None,
    "isCrossRepository": lambda one, call: one.from_fork,
    "isDraft": lambda one, call: one.draft,
    "labels": lambda one, call, after=None, first=None, last=None: page("labels", one.issue.labels, first, last, after),
    "lastEditedAt": lambda one, call: iso_or_none(one.issue.edited),
    "latestReviews": _latest_reviews,
    "mergeCommit": lambda one, call: Commit(one.repository, one.merge_commit) if one.merge_commit else None,
    "mergeStateStatus": _merge_state,
    "mergeable": _mergeable,
    "merged": lambda one, call: one.merged is not None,
    "mergedAt": lambda one, call: iso_or_none(one.merged),
    "mergedBy": lambda one, call: one.merged_by,
    "permalink": lambda one, call: issue_shapes.page(call.world, one.issue),
    "reviewDecision": lambda one, call: verdict.decision(call.world, one),
    "reviews": _reviews,
    "state": lambda one, call: _state(one),
    "statusCheckRollup": lambda one, call: rollup(Commit(one.repository, one.head)),
    "title": lambda one, call: one.issue.title,
    "updatedAt": lambda one, call: iso(one.issue.updated),
    "url": lambda one, call: issue_shapes.page(call.world, one.issue),
    "viewerCanDisableAutoMerge": lambda one, call: bool(one.auto_merge) and _writes(one, call),
    "viewerCanEnableAutoMerge": _may_arm,
}

_COMMENT: dict[str, Field] = {
    "createdAt": lambda one, call: iso(one.created),
    "databaseId": lambda one, call: one.id,
    "fullDatabaseId": lambda one, call: str(one.id),
    "id": lambda one, call: one.node_id,
    "includesCreatedEdit": lambda one, call: one.edited is not None,
    "lastEditedAt": lambda one, call: iso_or_none(one.edited),
    "pullRequest": lambda one, call: one.issue.pull,
    "repository": lambda one, call: one.issue.repository,
    "updatedAt": lambda one, call: iso(one.updated),
    "url": lambda one, call: f"{issue_shapes.page(call.world, one.issue)}#issuecomment-{one.id}",
}

_REVIEW: dict[str, Field] = {
    "commit": lambda one, call: Commit(one.pull.repository, one.commit),
    "databaseId": lambda one, call: one.id,
    "fullDatabaseId": lambda one, call: str(one.id),
    "id": lambda one, call: one.node_id,
    "pullRequest": lambda one, call: one.pull,
    "repository": lambda one, call: one.pull.repository,
    "submittedAt": lambda one, call: iso_or_none(one.submitted),
    "url": lambda one, call: f"{issue_shapes.page(call.world, one.pull.issue)}#pullrequestreview-{one.id}",
}

_ARMED: dict[str, Field] = {
    "authorEmail": lambda one, call: None,
    "commitBody": lambda one, call: one.value["commit_message"],
    "commitHeadline": lambda one, call: one.value["commit_title"],
    "enabledAt": lambda one, call: iso(one.value["enabled"]),
    "enabledBy": lambda one, call: one.value["enabled_by"],
    "mergeMethod": lambda one, call: one.value["merge_method"].upper(),
    "pullRequest": lambda one, call: one.pull,
}

_PAGE_INFO: dict[str, Field] = {
    "endCursor": lambda one, call: str(one.end) if one.nodes else None,
    "hasNextPage": lambda one, call: one.end < one.total,
    "hasPreviousPage": lambda one, call: one.start > 0,
    "startCursor": lambda one, call: str(one.start) if one.nodes else None,
}
_CONNECTION: dict[str, Field] = {"pageInfo": lambda one, call: one, "totalCount": lambda one, call: one.total}

FIELDS: dict[str, dict[str, Field]] = {
    **dict.fromkeys(("User", "Bot", "Organization"), _ACTOR),
    "Repository": _REPOSITORY,
    "Ref": _REF,
    "GitActor": {"user": lambda one, call: call.world.account_of_email(one["email"])},
    "Commit": _COMMIT,
    "StatusCheckRollup": {"id": lambda one, call: f"SCR_{one.commit.sha}"},
    "PullRequestCommit": {
        "id": lambda one, call: f"PURC_{one.pull.id}_{one.commit.sha}",
        "pullRequest": lambda one, call: one.pull,
    },
    "PullRequest": _PULL,
    "IssueComment": _COMMENT,
    "PullRequestReview": _REVIEW,
    "AutoMergeRequest": _ARMED,
    "Label": {"id": lambda one, call: one.node_id},
    "PageInfo": _PAGE_INFO,
}
CONNECTION = _CONNECTION
