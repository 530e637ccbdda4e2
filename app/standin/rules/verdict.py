"""Whether a pull request meets what its base demands, in GitHub's words.

The words of several demands at once are *unverified* against github.com."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.standin.rules import owners
from app.standin.rules.required import Demand, demands, passes
from app.standin.state import Account, App, Pull, Repository, Review, Run, World

SATISFIES = frozenset({"success", "neutral", "skipped"})
"""Conclusions that satisfy a required check."""
OPINIONS = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
"""States of a review that replace what its author said before; a comment does not."""
WRITERS = frozenset({"write", "maintain", "admin"})


@dataclass(frozen=True)
class Merger:
    """Who wants to merge: a person, or the bot of an App."""

    account: Account
    app: App | None = None


def obstacles(world: World, pull: Pull, merger: Merger | None = None) -> tuple[str, ...]:
    """What stands against a merge, a sentence each; what does not hold the merger is left out."""
    return tuple(
        sentence
        for demand in demands(pull.repository, pull.base_ref)
        if merger is None or not passes(world, pull.repository, demand, merger.account, merger.app)
        for sentence in _of_demand(world, pull, demand, merger)
    )


def refusal(world: World, pull: Pull, merger: Merger) -> str | None:
    """The message of GitHub's 405 for the first of them; rulesets have their own form."""
    for demand in demands(pull.repository, pull.base_ref):
        if passes(world, pull.repository, demand, merger.account, merger.app):
            continue
        if sentences := list(_of_demand(world, pull, demand, merger)):
            if demand.ruleset:
                return "Repository rule violations found\n\n" + "\n\n".join(sentences) + "\n\n"
            return sentences[0]
    return None


def _of_demand(world: World, pull: Pull, demand: Demand, merger: Merger | None) -> Iterator[str]:
    if demand.locked:
        yield "Cannot change this locked branch"
    if demand.pushers is not None and merger is not None:
        name = merger.app.slug if merger.app else merger.account.login
        if name.casefold() not in {each.casefold() for each in demand.pushers}:
            yield "You're not authorized to push to this branch. Visit the documentation for more information."
    if demand.approvals is not None:
        yield from _of_reviews(world, pull, demand)
    missing = [(name, state) for name, app in demand.checks if (state := check_state(pull, name, app)) != "success"]
    if len(missing) == 1:
        yield f'Required status check "{missing[0][0]}" is {missing[0][1]}.'
    elif missing:
        yield f"{len(missing)} of {len(demand.checks)} required status checks are {missing[0][1]}."
    if demand.strict and is_behind(pull):
        yield "Head branch is out of date with the base branch."


def _of_reviews(world: World, pull: Pull, demand: Demand) -> Iterator[str]:
    latest = opinions(world, pull)
    if any(review.state == "CHANGES_REQUESTED" for review in latest):
        yield "Changes have been requested by a reviewer with write access."
    approved = [review for review in latest if review.state == "APPROVED"]
    wanted = demand.approvals or 0
    if len(approved) < wanted:
        reviews = "review is" if wanted == 1 else "reviews are"
        yield f"At least {wanted} approving {reviews} required by reviewers with write access."
    if demand.code_owners:
        voices = {review.author.login.casefold() for review in approved}
        yield from (f"Waiting on code owner review from {names}." for names in owners.missing(world, pull, voices))
    last = [review for review in approved if review.commit == pull.head and review.author is not pull.pushed_by]
    if demand.last_push and wanted and not last:
        yield "New changes require approval from someone other than the last pusher."


def opinions(world: World, pull: Pull) -> list[Review]:
    """The latest opinion of each reviewer with write access; the author has none."""
    latest: dict[str, Review] = {}
    for review in pull.reviews:
        if review.state in OPINIONS and review.author is not pull.author:
            latest[review.author.login] = review
    return [
        review
        for review in latest.values()
        if review.state != "DISMISSED" and world.role(pull.repository, review.author.login) in WRITERS
    ]


def decision(world: World, pull: Pull) -> str | None:
    """GraphQL's `reviewDecision`; None where nobody has to review."""
    wanted = [each.approvals for each in demands(pull.repository, pull.base_ref) if each.approvals is not None]
    if not wanted:
        return None
    latest = opinions(world, pull)
    if any(review.state == "CHANGES_REQUESTED" for review in latest):
        return "CHANGES_REQUESTED"
    return "APPROVED" if len(latest) >= max(*wanted, 0) else "REVIEW_REQUIRED"


def newest_runs(repository: Repository, sha: str) -> list[Run]:
    """Of a commit: the newest check run of each name and App."""
    newest: dict[tuple[int, str], Run] = {}
    for run in repository.runs:
        if run.head == sha:
            key = (run.suite.app.id, run.name)
            newest[key] = max(newest.get(key, run), run, key=lambda each: each.id)
    return list(newest.values())


def check_state(pull: Pull, name: str, app: int | None) -> str:
    """`success`, or what GitHub says of a required check that is not: `expected`, `pending`, `failing`. A pinned check
    is looked for among that App's runs only; otherwise every run and status of that name counts."""
    return state_of(pull.repository, pull.head, name, app)


def state_of(repository: Repository, head: str, name: str, app: int | None) -> str:
    """The same of any commit."""
    states = [
        _of_run(run) for run in newest_runs(repository, head) if run.name == name and app in {None, run.suite.app.id}
    ]
    if app is None:
        statuses = [each for each in repository.statuses if each.sha == head and each.context == name]
        if statuses:
            states.append({"success": "success", "pending": "pending"}.get(statuses[-1].state, "failing"))
    if not states:
        return "expected"
    return next((state for state in ("failing", "pending") if state in states), "success")


def _of_run(run: Run) -> str:
    if run.status != "completed":
        return "pending"
    return "success" if run.conclusion in SATISFIES else "failing"


def rollup(repository: Repository, sha: str) -> str | None:
    """`success`, `pending` or `failing` of all runs and statuses of a commit together; None where there are none."""
    states = [_of_run(run) for run in newest_runs(repository, sha)]
    newest = {each.context: each for each in repository.statuses if each.sha == sha}
    states += [{"success": "success", "pending": "pending"}.get(each.state, "failing") for each in newest.values()]
    if not states:
        return None
    return next((state for state in ("failing", "pending") if state in states), "success")


def is_behind(pull: Pull) -> bool:
    """Whether the base has commits that the head lacks."""
    return not pull.repository.git.is_ancestor(pull.base_sha, pull.head)


def conflicts(pull: Pull) -> bool:
    return pull.repository.git.merge_tree(pull.base_sha, pull.head) is None


def merge_state(world: World, pull: Pull) -> str:
    """REST's `mergeable_state` of a pull request that has no conflict."""
    if pull.draft:
        return "draft"
    found = demands(pull.repository, pull.base_ref)
    against = [
        sentence
        for demand in found
        for sentence in _of_demand(world, pull, demand, None)
        if "out of date" not in sentence
    ]
    if against:
        return "blocked"
    if any(demand.strict for demand in found) and is_behind(pull):
        return "behind"
    return "unstable" if rollup(pull.repository, pull.head) in {"failing", "pending"} else "clean"
