"""Rulesets and branch protection of one branch, read and written.

Sources: https://docs.github.com/en/rest/repos/rules and https://docs.github.com/en/rest/branches/branch-protection. A
PUT of protection demands `contexts`, which cannot pin an App, and github.com is reported to refuse `contexts` and
`checks` together (google/go-github#2976, ossf/allstar#155). So checks are written by the PATCH of their own, which
takes `checks` alone and leaves everything else; the PUT comes before it only where no checks are demanded yet.
*Unverified*, as is that a PUT of protection leaves required signatures alone."""

from collections.abc import Mapping
from typing import Any

from app.github import values
from app.github.faults import Rejected
from app.github.place import Place, found_or_made
from app.model.protection import CHECKS, Change, Classic, Pinned, Ruleset, Seen, pin
from app.model.trouble import Gone
from checks.model.errors import Refusal

ANYBODY = -1
"""`app_id` that lets any App report a check; without one GitHub takes whoever reported it last."""
SWITCHES = (
    "required_linear_history",
    "allow_force_pushes",
    "allow_deletions",
    "block_creations",
    "required_conversation_resolution",
    "lock_branch",
    "allow_fork_syncing",
)
_READ = {
    *SWITCHES,
    CHECKS,
    "enforce_admins",
    "required_pull_request_reviews",
    "restrictions",
    "required_signatures",
    "url",
    "name",
    "enabled",
    "protection_url",
}
_REVIEWS = (
    "dismiss_stale_reviews",
    "require_code_owner_reviews",
    "require_last_push_approval",
    "required_approving_review_count",
)
_ACTORS = ("dismissal_restrictions", "bypass_pull_request_allowances")
_WHO = (("users", "login"), ("teams", "slug"), ("apps", "slug"))
_TOKEN = "Use a token of an administrator of it with the permission Administration: read and write."  # noqa: S105  # words


def seen(place: Place, branch: str = "") -> Seen:
    """All that holds a branch, the default one where none is named. Raises Refusal where there is no such repository or
    branch for this token, or where the plan of its owner has no protection at all."""
    try:
        default = values.text(place.get("repository", ""), "default_branch")
    except Gone:
        raise Refusal(f"{place.repository} is not there for this token.", "Correct the name, or the token.") from None
    branch = branch or default
    try:
        place.get("contents", f"branches/{values.segment(branch)}")
    except Gone:
        raise Refusal(f"{place.repository} has no branch {branch!r}.", "Name one with --branch.") from None
    except Rejected:
        pass  # a token for the administration only; that is told below
    rulesets = _rulesets(place, branch)
    classic, shown = _classic(place, branch)
    return Seen(place.repository, branch, branch == default, rulesets, classic, shown)


def write(place: Place, branch: str, change: Change) -> None:
    """Carries out one change. Raises Refusal where GitHub does not, with what would help."""
    try:
        if isinstance(change.after, Classic):
            _put_classic(place, branch, change.before if isinstance(change.before, Classic) else None, change.after)
        else:
            _put_ruleset(place, change.after)
    except Gone:  # what GitHub answers to people who may not
        raise Refusal(f"this token may not change what holds {place.repository}.", _TOKEN) from None
    except Rejected as error:
        raise _told(place, error) from None


def _told(place: Place, error: Rejected) -> Refusal:
    """GitHub's normal answers, each with its remedy."""
    if "Upgrade to GitHub" in error.said:
        return Refusal(
            f"nothing can hold a merge in {place.repository}: its plan does not protect private repositories.",
            "Make it public, or choose a plan that does (GitHub Pro, Team or Enterprise).",
        )
    if error.status == 401:
        return Refusal("GitHub does not accept the token.", "Look whether it has ended, and is of this GitHub.")
    if error.status == 403:
        return Refusal(f"this token may not change what holds {place.repository}: {error.said[:200]}.", _TOKEN)
    return error


# ── rulesets ──


def _rulesets(place: Place, branch: str) -> tuple[Ruleset, ...] | None:
    """None on a server without them."""
    try:
        found = [
            each for each in place.pages("rules", "rulesets", includes_parents="true") if _text(each) in ("", "branch")
        ]
        active: dict[int, list[Mapping[str, Any]]] = {}
        for rule in place.pages("rules", f"rules/branches/{values.segment(branch)}"):
            active.setdefault(values.number(rule, "ruleset_id"), []).append(_plain(rule))
        return tuple(_ruleset(place, each, active) for each in found)
    except Gone:
        return None
    except Rejected as error:
        if error.status == 403 and "Upgrade to GitHub" not in error.said:
            return None
        raise _told(place, error) from None


def _text(ruleset: Any) -> str:
    return values.text(ruleset, "target")


def _plain(rule: Any) -> Mapping[str, Any]:
    """A rule without where it comes from."""
    return {name: value for name, value in rule.items() if not name.startswith("ruleset_")}


def _ruleset(place: Place, entry: Any, active: Mapping[int, list[Mapping[str, Any]]]) -> Ruleset:
    number = values.number(entry, "id")
    try:
        data = place.get("rules", f"rulesets/{number}", includes_parents="true")
    except (Gone, Rejected):  # an organisation's, whose rules are known only where they are active
        data = entry
    conditions, bypass = values.at(data, "conditions"), values.at(data, "bypass_actors")
    rules = tuple(each for each in values.items(data, "rules") if isinstance(each, Mapping))
    return Ruleset(
        id=number,
        name=values.text(data, "name"),
        enforcement=values.text(data, "enforcement"),
        conditions=conditions if isinstance(conditions, Mapping) else {},
        rules=rules or tuple(active.get(number, ())),
        bypass=tuple(bypass) if isinstance(bypass, list) else None,
        own=values.text(data, "source_type") in ("", "Repository"),
        holds=number in active,
    )


def _put_ruleset(place: Place, ruleset: Ruleset) -> None:
    """All of it is sent: what a PUT leaves out is said to be kept, and need not be."""
    body: dict[str, Any] = {
        "name": ruleset.name,
        "target": "branch",
        "enforcement": ruleset.enforcement,
        "conditions": dict(ruleset.conditions),
        "rules": [dict(rule) for rule in ruleset.rules],
    }
    if ruleset.bypass is not None:  # null is refused
        body["bypass_actors"] = [dict(each) for each in ruleset.bypass]
    if ruleset.id:
        place.send("rules", "PUT", f"rulesets/{ruleset.id}", body)
        return

    def look() -> Any:
        names = (values.text(each, "name") for each in place.pages("rules", "rulesets"))
        return True if ruleset.name in names else None

    found_or_made(look, lambda: place.send("rules", "POST", "rulesets", body))


# ── branch protection ──


def _classic(place: Place, branch: str) -> tuple[Classic | None, bool]:
    """The protection, and whether it is shown to this token."""
    try:
        data = place.get("rules", f"{_branch(branch)}/protection")
    except Gone as error:
        return None, "Branch not protected" in str(error)
    except Rejected as error:
        if "Upgrade to GitHub" in error.said or error.status == 401:
            raise _told(place, error) from None
        return None, False
    return (_read(data), True) if isinstance(data, Mapping) else (None, False)


def _branch(branch: str) -> str:
    return f"branches/{values.segment(branch)}"


def _read(data: Any) -> Classic:
    checks = values.at(data, CHECKS)
    reviews = values.at(data, "required_pull_request_reviews")
    restrictions = values.at(data, "restrictions")
    unknown = [name for name in data if name not in _READ]
    if isinstance(reviews, Mapping):
        unknown += [name for name in reviews if name not in (*_REVIEWS, *_ACTORS, "url")]
    return Classic(
        checks=_pinned(checks) if isinstance(checks, Mapping) else None,
        strict=values.at(checks, "strict") is True,
        enforce_admins=values.at(data, "enforce_admins", "enabled") is True,
        reviews=_reviews(reviews) if isinstance(reviews, Mapping) else None,
        restrictions=_actors(restrictions) if isinstance(restrictions, Mapping) else None,
        switches={name: values.at(data, name, "enabled") is True for name in SWITCHES},
        unknown=tuple(unknown),
    )


def _pinned(data: Any) -> tuple[Pinned, ...]:
    named = [(values.text(each, "context"), pin(values.at(each, "app_id"))) for each in values.items(data, "checks")]
    known = {name for name, _ in named}
    return (*named, *((str(name), 0) for name in values.items(data, "contexts") if name not in known))


def _reviews(data: Any) -> dict[str, Any]:
    found = {name: data[name] for name in _REVIEWS if name in data}
    return found | {name: _actors(data[name]) for name in _ACTORS if isinstance(values.at(data, name), Mapping)}


def _actors(data: Any) -> dict[str, list[str]]:
    return {kind: [values.text(each, name) for each in values.items(data, kind)] for kind, name in _WHO}


def _put_classic(place: Place, branch: str, before: Classic | None, after: Classic) -> None:
    """A PUT only where no checks are demanded yet; who may report them is then said by a PATCH that can be repeated."""
    checks = after.checks or ()
    if before is None or before.checks is None:
        body: dict[str, Any] = {
            CHECKS: {"strict": after.strict, "contexts": [name for name, _ in checks]},
            "enforce_admins": after.enforce_admins,
            "required_pull_request_reviews": after.reviews,
            "restrictions": after.restrictions,
        }
        place.send("rules", "PUT", f"{_branch(branch)}/protection", body | dict(after.switches))
    pinned = [{"context": name, "app_id": number or ANYBODY} for name, number in checks]
    body = {"strict": after.strict, "checks": pinned}
    place.send("rules", "PATCH", f"{_branch(branch)}/protection/{CHECKS}", body, repeatable=True)
