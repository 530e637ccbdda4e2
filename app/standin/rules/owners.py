"""Code owners: who has to approve which files, where the base demands it.

Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners"""

from collections.abc import Iterator

from pathspec import GitIgnoreSpec

from app.standin.state import Pull, Repository, World

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""The first that is there counts."""


def missing(world: World, pull: Pull, approved: set[str]) -> Iterator[str]:
    """The owners, as the file names them, of changed files that none of their owners has approved. `approved` are
    logins in small letters."""
    git = pull.repository.git
    lines = list(_lines(pull.repository, pull.base_ref))
    base = git.merge_base(pull.base_sha, pull.head) or pull.base_sha
    told = set()
    for path in {path for file in git.diff(base, pull.head) for path in (file.path, file.previous) if path}:
        owners = next((names for pattern, names in reversed(lines) if _fits(pattern, path)), ())
        people = {login for name in owners for login in _people(world, name)}
        if owners and not people & approved and owners not in told:
            told.add(owners)
            yield " ".join(name.removeprefix("@") for name in owners)


def _lines(repository: Repository, branch: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(pattern, owners) in the file's order; a pattern may have no owners."""
    tip = repository.git.tip(branch)
    entries = (repository.git.entry(tip, place) for place in PLACES if tip)
    found = next((entry for entry in entries if entry and entry.kind == "blob"), None)
    text = repository.git.blob(found.sha).decode("utf-8", "replace") if found else ""
    for line in text.splitlines():
        words = line.partition(" #")[0].split()
        if words and not words[0].startswith("#"):
            yield words[0], tuple(words[1:])


def _fits(pattern: str, path: str) -> bool:
    """The patterns are those of `.gitignore`, without negation."""
    return not pattern.startswith("!") and GitIgnoreSpec.from_lines([pattern]).match_file(path)


def _people(world: World, name: str) -> set[str]:
    """Logins of `@login`, of the members of `@org/team`, or of an address."""
    if not name.startswith("@"):
        account = world.account_of_email(name)
        return {account.login.casefold()} if account else set()
    organisation, _, slug = name.removeprefix("@").casefold().partition("/")
    team = world.teams.get((organisation, slug)) if slug else None
    return {login.casefold() for login in team.members} if team else {organisation} if not slug else set()
