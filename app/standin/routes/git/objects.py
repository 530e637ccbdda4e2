"""Blobs, trees and commits as git stores them."""

import base64
from datetime import datetime
from typing import Any

from app.standin.git import SHA, GitFailed, Ident
from app.standin.routing import Answer, Call, Problem, Route, gone
from app.standin.shapes import commits

MODES = {"100644": "blob", "100755": "blob", "040000": "tree", "160000": "commit", "120000": "blob"}


def get_blob(call: Call) -> Answer:
    git, sha = call.repository.git, call.params["file_sha"]
    if not SHA.fullmatch(sha) or git.kind(sha) != "blob":
        raise gone()
    data = git.blob(sha)
    return Answer(
        {
            "sha": sha,
            "node_id": f"B_{sha}",
            "size": len(data),
            "url": f"{call.world.url}/repos/{call.repository.full_name}/git/blobs/{sha}",
            "content": base64.encodebytes(data).decode(),
            "encoding": "base64",
        }
    )


def create_blob(call: Call) -> Answer:
    content, encoding = call.want("content", str), call.maybe("encoding", str) or "utf-8"
    sha = call.repository.git.write_blob(decoded(content) if encoding == "base64" else content.encode())
    return Answer({"sha": sha, "url": f"{call.world.url}/repos/{call.repository.full_name}/git/blobs/{sha}"}, 201)


def decoded(content: str) -> bytes:
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError:
        raise Problem(422, "content is not valid Base64") from None


def _tree(call: Call, sha: str, recursive: bool = False) -> dict[str, Any]:
    url = f"{call.world.url}/repos/{call.repository.full_name}/git"
    listed = []
    for entry in call.repository.git.tree(sha, recursive):
        told: dict[str, Any] = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
        if entry.size is not None:
            told["size"] = entry.size
        if entry.kind != "commit":
            told["url"] = f"{url}/{entry.kind}s/{entry.sha}"
        listed.append(told)
    return {"sha": sha, "url": f"{url}/trees/{sha}", "tree": listed, "truncated": False}


def get_tree(call: Call) -> Answer:
    """Of a tree, a commit or the name of a branch; `recursive` with any value."""
    git, name = call.repository.git, call.params["tree_sha"]
    commit = git.resolve(name)
    if commit:
        name = git.commit(commit).tree
    elif not SHA.fullmatch(name) or git.kind(name) != "tree":
        raise gone()
    return Answer(_tree(call, name, "recursive" in call.query))


def create_tree(call: Call) -> Answer:
    """`tree` are entries with `content` or `sha` (null removes); on top of `base_tree`."""
    git, base = call.repository.git, call.maybe("base_tree", str)
    if base is not None and (not SHA.fullmatch(base) or git.kind(base) not in {"tree", "commit"}):
        raise Problem(404, "Not Found")
    lines: list[tuple[str, str | None, str]] = []
    for entry in call.want("tree", list):
        path, mode, sha = entry.get("path"), entry.get("mode", "100644"), entry.get("sha")
        if mode not in MODES or not isinstance(path, str) or _escapes(path):
            raise Problem(422, "GitRPC::BadObjectState" if mode in MODES else f"{mode} is not a valid mode")
        if "content" in entry:
            sha = git.write_blob(str(entry["content"]).encode())
        elif sha is not None and mode != "160000" and git.kind(sha) != MODES[mode]:
            raise Problem(422, f"tree.sha {sha} is not a valid {MODES[mode]}")
        lines.append((path, sha, mode))
    try:
        made = git.write_tree(base, lines)
    except GitFailed:
        raise Problem(422, "GitRPC::BadObjectState") from None
    return Answer(_tree(call, made), 201)


def _escapes(path: str) -> bool:
    parts = path.split("/")
    return any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts) or "\0" in path


def get_commit(call: Call) -> Answer:
    sha = call.params["commit_sha"]
    if not SHA.fullmatch(sha) or call.repository.git.kind(sha) != "commit":
        raise gone()
    return Answer(commits.git_commit(call.world, call.repository, call.repository.git.commit(sha)))


def create_commit(call: Call) -> Answer:
    """Signed by GitHub where an App makes it without naming author or committer."""
    git = call.repository.git
    tree, parents = call.want("tree", str), call.maybe("parents", list) or []
    message = call.want("message", str)
    if git.kind(tree) != "tree":
        raise Problem(422, "Tree SHA does not exist")
    if any(not SHA.fullmatch(str(parent)) or git.kind(parent) != "commit" for parent in parents):
        raise Problem(422, "Parent SHA does not exist or is not a commit object")
    author = named(call, "author") or mine(call)
    sha = git.write_commit(tree, parents, message, author, named(call, "committer") or author)
    if call.app and not ({"author", "committer"} & set(call.body)):
        call.world.signed.add(sha)
    return Answer(commits.git_commit(call.world, call.repository, git.commit(sha)), 201)


def mine(call: Call) -> Ident:
    """The caller as author."""
    return Ident(call.actor.name or call.login, call.actor.email, call.world.now())


def named(call: Call, name: str) -> Ident | None:
    """`author` or `committer` of a body."""
    told = call.maybe(name, dict)
    if told is None:
        return None
    if not isinstance(told.get("name"), str) or not isinstance(told.get("email"), str):
        raise Problem(422, f'Invalid request.\n\n"{name}" needs a name and an email.')
    try:
        when = datetime.fromisoformat(told["date"]).timestamp() if "date" in told else call.world.now()
    except (TypeError, ValueError):
        raise Problem(422, "Invalid request.\n\nThe date is no ISO 8601.") from None
    return Ident(told["name"], told["email"], when)


COMMIT = ("message", "tree", "parents", "author", "committer", "signature")
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/git/blobs/{file_sha}", "contents:read", get_blob),
    Route("POST", "/repos/{owner}/{repo}/git/blobs", "contents:write", create_blob, ("content", "encoding")),
    Route("GET", "/repos/{owner}/{repo}/git/trees/{tree_sha:path}", "contents:read", get_tree),
    Route("POST", "/repos/{owner}/{repo}/git/trees", "contents:write", create_tree, ("tree", "base_tree")),
    Route("GET", "/repos/{owner}/{repo}/git/commits/{commit_sha}", "contents:read", get_commit),
    Route("POST", "/repos/{owner}/{repo}/git/commits", "contents:write", create_commit, COMMIT),
)
