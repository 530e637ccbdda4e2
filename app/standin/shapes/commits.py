"""Commits and the files that they change."""

from typing import Any
from urllib.parse import quote

from app.standin.git import Changed, Commit, Ident
from app.standin.shapes.people import user
from app.standin.state import Repository, World, iso


def ident(one: Ident) -> dict[str, Any]:
    return {"name": one.name, "email": one.email, "date": iso(one.when)}


def verification(world: World, sha: str) -> dict[str, Any]:
    """Commits that an App makes through the API are signed by GitHub; all others here are unsigned."""
    if sha in world.signed:
        return {
            "verified": True,
            "reason": "valid",
            "signature": "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----",
            "payload": "",
            "verified_at": iso(world.now()),
        }
    return {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def git_commit(world: World, repository: Repository, one: Commit) -> dict[str, Any]:
    """GitHub's `git-commit`."""
    url = f"{world.url}/repos/{repository.full_name}/git"
    web = f"{world.web_url}/{repository.full_name}/commit"
    return {
        "sha": one.sha,
        "node_id": f"C_{one.sha}",
        "url": f"{url}/commits/{one.sha}",
        "html_url": f"{web}/{one.sha}",
        "author": ident(one.author),
        "committer": ident(one.committer),
        "tree": {"sha": one.tree, "url": f"{url}/trees/{one.tree}"},
        "message": one.message,
        "parents": [{"sha": p, "url": f"{url}/commits/{p}", "html_url": f"{web}/{p}"} for p in one.parents],
        "verification": verification(world, one.sha),
    }


def commit(world: World, repository: Repository, sha: str, whole: bool = False) -> dict[str, Any]:
    """GitHub's `commit`: author and committer are accounts where an account has that e-mail address, else null.
    `whole` with the files that it changes."""
    one = repository.git.commit(sha)
    url = f"{world.url}/repos/{repository.full_name}"
    web = f"{world.web_url}/{repository.full_name}/commit"
    author, committer = world.account_of_email(one.author.email), world.account_of_email(one.committer.email)
    shape: dict[str, Any] = {
        "sha": sha,
        "node_id": f"C_{sha}",
        "commit": {
            "author": ident(one.author),
            "committer": ident(one.committer),
            "message": one.message,
            "tree": {"sha": one.tree, "url": f"{url}/git/trees/{one.tree}"},
            "url": f"{url}/git/commits/{sha}",
            "comment_count": 0,
            "verification": verification(world, sha),
        },
        "url": f"{url}/commits/{sha}",
        "html_url": f"{web}/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "author": user(world, author) if author else None,
        "committer": user(world, committer) if committer else None,
        "parents": [{"sha": p, "url": f"{url}/commits/{p}", "html_url": f"{web}/{p}"} for p in one.parents],
    }
    if whole:
        changes = repository.git.diff(one.parents[0] if one.parents else repository.git.write_tree(None, []), sha)
        added, removed = sum(c.additions for c in changes), sum(c.deletions for c in changes)
        shape["stats"] = {"total": added + removed, "additions": added, "deletions": removed}
        shape["files"] = [changed(world, repository, each, sha) for each in changes]
    return shape


def changed(world: World, repository: Repository, one: Changed, head: str) -> dict[str, Any]:
    """GitHub's `diff-entry`."""
    web = f"{world.web_url}/{repository.full_name}"
    path = quote(one.path)
    shape: dict[str, Any] = {
        "sha": one.sha,
        "filename": one.path,
        "status": one.status,
        "additions": one.additions,
        "deletions": one.deletions,
        "changes": one.additions + one.deletions,
        "blob_url": f"{web}/blob/{head}/{path}",
        "raw_url": f"{web}/raw/{head}/{path}",
        "contents_url": f"{world.url}/repos/{repository.full_name}/contents/{path}?ref={head}",
    }
    if one.patch is not None:
        shape["patch"] = one.patch
    if one.previous is not None:
        shape["previous_filename"] = one.previous
    return shape


def pushed(world: World, repository: Repository, sha: str, before: str | None) -> dict[str, Any]:
    """A commit as `push` carries it."""
    one = repository.git.commit(sha)
    files = repository.git.diff(before or (one.parents[0] if one.parents else repository.git.write_tree(None, [])), sha)

    def told(who: Ident) -> dict[str, Any]:
        account = world.account_of_email(who.email)
        named = {"username": account.login} if account else {}
        return {"name": who.name, "email": who.email, "date": iso(who.when), **named}

    return {
        **simple(repository, sha),
        "distinct": True,
        "url": f"{world.web_url}/{repository.full_name}/commit/{sha}",
        "author": told(one.author),
        "committer": told(one.committer),
        "added": [file.path for file in files if file.status == "added"],
        "removed": [file.path for file in files if file.status == "removed"],
        "modified": [file.path for file in files if file.status not in {"added", "removed"}],
    }


def simple(repository: Repository, sha: str) -> dict[str, Any]:
    """GitHub's `simple-commit`."""
    one = repository.git.commit(sha)
    return {
        "id": sha,
        "tree_id": one.tree,
        "message": one.message,
        "timestamp": iso(one.committer.when),
        "author": {"name": one.author.name, "email": one.author.email},
        "committer": {"name": one.committer.name, "email": one.committer.email},
    }
