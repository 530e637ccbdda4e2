"""What a protected branch refuses of a push, of a change through the API and of a deletion.

Sources: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches,
https://docs.github.com/en/rest/repos/rules"""

from collections.abc import Iterator

from app.standin.git import ZERO
from app.standin.rules.required import Demand, demands, passes, rules
from app.standin.rules.verdict import SATISFIES, Merger, newest_runs
from app.standin.state import Account, Repository, World


def refuses(world: World, repository: Repository, ref: str, old: str, new: str, by: Account) -> str:
    """As `World.refuses` wants it: the bot of an App stands for the App."""
    app = next((each for each in world.apps.values() if each.bot is by), None)
    return refusal(world, repository, ref, old, new, Merger(by, app)) or ""


def refusal(world: World, repository: Repository, ref: str, old: str, new: str, by: Merger) -> str | None:
    """Why a ref may not go from `old` to `new` (`ZERO`: made, deleted), None where it may."""
    if not ref.startswith("refs/heads/"):
        return None
    branch = ref.removeprefix("refs/heads/")
    for sentence in _of_protection(world, repository, branch, old, new, by):
        return f"Protected branch update failed for {ref}.\n\n{sentence}"
    for demand in demands(repository, branch):
        if not passes(world, repository, demand, by.account, by.app):
            for sentence in _of_demand(repository, demand, new, by):
                head = "Repository rule violations found" if demand.ruleset else "Protected branch update failed"
                return f"{head} for {ref}.\n\n{sentence}"
    for ruleset, rule in rules(repository, branch):
        demand = Demand(source=f"ruleset {ruleset['id']}", bypass=tuple(ruleset.get("bypass_actors") or ()))
        if passes(world, repository, demand, by.account, by.app):
            continue
        if violated := _of_rule(repository, rule["type"], old, new):
            return f"Repository rule violations found for {ref}.\n\n{violated}"
    return None


def _of_protection(world: World, repository: Repository, branch: str, old: str, new: str, by: Merger) -> Iterator[str]:
    """Force pushes and deletions: protection refuses both, to administrators too, unless they are allowed."""
    kept = repository.protection.get(branch)
    if not kept:
        return
    if new == ZERO:
        if not kept.get("allow_deletions"):
            yield "Cannot delete a protected branch"
    elif old != ZERO and not repository.git.is_ancestor(old, new) and not kept.get("allow_force_pushes"):
        yield "Cannot force-push to this branch"


def _of_demand(repository: Repository, demand: Demand, new: str, by: Merger) -> Iterator[str]:
    if new == ZERO:
        return
    if demand.locked:
        yield "Cannot change this locked branch"
    name = by.app.slug if by.app else by.account.login
    if demand.pushers is not None and name.casefold() not in {each.casefold() for each in demand.pushers}:
        yield "You're not authorized to push to this branch."
    if demand.approvals is not None:
        yield "Changes must be made through a pull request."
    passed = {(run.name, run.suite.app.id) for run in newest_runs(repository, new) if run.conclusion in SATISFIES}
    missing = [
        name
        for name, app in demand.checks
        if not any(name == found and app in {None, number} for found, number in passed)
    ]
    if missing:
        yield f'Required status check "{missing[0]}" is expected.'


def _of_rule(repository: Repository, kind: str, old: str, new: str) -> str | None:
    if kind == "deletion" and new == ZERO:
        return "Cannot delete this branch"
    if kind == "creation" and old == ZERO:
        return "Cannot create ref due to creations being restricted."
    if kind == "non_fast_forward" and ZERO not in {old, new} and not repository.git.is_ancestor(old, new):
        return "Cannot force-push to this branch"
    return None
