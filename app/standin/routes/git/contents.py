"""Files and folders of a commit, and commits of one file."""

import base64
from typing import Any
from urllib.parse import quote

from app.standin import moves
from app.standin.git import Entry
from app.standin.routes.git.objects import decoded, mine, named
from app.standin.routing import Answer, Call, Problem, Route, gone
from app.standin.shapes import commits

RAW = "application/vnd.github.raw+json"


def get_contents(call: Call) -> Answer:
    one, git = call.repository, call.repository.git
    ref = call.query.get("ref") or one.default_branch
    path = call.params.get("path", "").strip("/")
    sha = git.resolve(ref)
    if sha is None:
        if not git.refs("refs/heads/"):
            raise Problem(404, "This repository is empty.")
        raise Problem(404, f"No commit found for the ref {ref}")
    entry = git.entry(sha, path)
    if entry is None or ".." in path.split("/"):
        raise gone()
    if entry.kind == "tree":
        if "object" in call.headers.get("accept", ""):
            listed = [_entry(call, each, f"{path}/{each.path}".strip("/"), ref) for each in git.tree(entry.sha)]
            return Answer(_entry(call, entry, path, ref) | {"entries": listed})
        return Answer([_entry(call, each, f"{path}/{each.path}".strip("/"), ref) for each in git.tree(entry.sha)])
    raw = "raw" in call.headers.get("accept", "")
    shape = _entry(call, entry, path, ref)
    if entry.kind == "commit":
        return Answer(shape)
    data = git.blob(entry.sha)
    if raw:
        return Answer(data, content_type=f"{RAW}; charset=utf-8")
    if entry.mode == "120000":
        return Answer(shape | {"target": data.decode("utf-8", "replace")})
    if len(data) > 100 << 20:
        raise Problem(403, "This API returns blobs up to 100 MB in size.")
    big = len(data) > 1 << 20
    content = "" if big else base64.encodebytes(data).decode()
    return Answer(shape | {"content": content, "encoding": "none" if big else "base64"})


def _entry(call: Call, entry: Entry, path: str, ref: str) -> dict[str, Any]:
    full_name = call.repository.full_name
    kinds = {"tree": "dir", "commit": "submodule"}
    kind = "symlink" if entry.mode == "120000" else kinds.get(entry.kind, "file")
    web = f"{call.world.web_url}/{full_name}"
    word = "tree" if kind == "dir" else "blob"
    links = {
        "self": f"{call.world.url}/repos/{full_name}/contents/{quote(path)}?ref={quote(ref)}",
        "git": f"{call.world.url}/repos/{full_name}/git/{word}s/{entry.sha}",
        "html": f"{web}/{word}/{quote(ref)}/{quote(path)}",
    }
    return {
        "type": kind,
        "size": entry.size or 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "url": links["self"],
        "git_url": links["git"],
        "html_url": links["html"],
        "download_url": None if kind == "dir" else f"{web}/raw/{quote(ref)}/{quote(path)}",
        "_links": links,
    }


def put_contents(call: Call) -> Answer:
    """One commit on a branch: 409 where `sha` is not the blob that is there, 422 where it is missing."""
    git, path, branch, tip = call.repository.git, *_place(call)
    data, there = decoded(call.want("content", str)), git.entry(tip, path) if tip else None
    sent = call.maybe("sha", str)
    if there is not None and sent is None:
        raise Problem(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sent is not None and (there is None or there.sha != sent):
        raise Problem(409, f"{path} does not match {sent}")
    sha = _commit(call, branch, tip, {path: data})
    entry = git.entry(sha, path)
    if entry is None:
        raise gone()
    return Answer(
        {"content": _entry(call, entry, path, branch), "commit": _made(call, sha)}, 201 if there is None else 200
    )


def delete_contents(call: Call) -> Answer:
    git, path, branch, tip = call.repository.git, *_place(call)
    there = git.entry(tip, path) if tip else None
    if there is None:
        raise gone()
    if there.sha != call.want("sha", str):
        raise Problem(409, f"{path} does not match {call.body['sha']}")
    sha = _commit(call, branch, tip, {path: None})
    return Answer({"content": None, "commit": _made(call, sha)})


def _place(call: Call) -> tuple[str, str, str | None]:
    """Path, branch and its tip; a branch that is not there is 404 unless the repository is empty."""
    path, branch = call.params["path"].strip("/"), call.maybe("branch", str) or call.repository.default_branch
    if any(part in {"", ".", ".."} or part.casefold() == ".git" for part in path.split("/")):
        raise Problem(422, "path contains a malformed path component")
    tip = call.repository.git.tip(branch)
    if tip is None and call.repository.git.refs("refs/heads/"):
        raise Problem(404, f"Branch {branch} not found")
    return path, branch, tip


def _commit(call: Call, branch: str, tip: str | None, files: dict[str, bytes | None]) -> str:
    git = call.repository.git
    if (
        any(path.startswith(".github/workflows/") for path in files)
        and call.app
        and not call.caller.has("workflows", "write")
    ):
        raise Problem(403, "Resource not accessible by integration")
    author = named(call, "author") or named(call, "committer") or mine(call)
    tree = git.write_files(tip, files)
    committer = named(call, "committer") or author
    sha = git.write_commit(tree, (tip,) if tip else (), call.want("message", str), author, committer)
    if call.app and not ({"author", "committer"} & set(call.body)):
        call.world.signed.add(sha)
    moves.asked(call.world, call.repository, f"refs/heads/{branch}", sha, call.actor)
    return sha


def _made(call: Call, sha: str) -> dict[str, Any]:
    return commits.git_commit(call.world, call.repository, call.repository.git.commit(sha))


PUT = ("message", "content", "sha", "branch", "committer", "author")
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/contents", "contents:read", get_contents),
    Route("GET", "/repos/{owner}/{repo}/contents/", "contents:read", get_contents),
    Route("GET", "/repos/{owner}/{repo}/contents/{path:path}", "contents:read", get_contents),
    Route("PUT", "/repos/{owner}/{repo}/contents/{path:path}", "contents:write", put_contents, PUT),
    Route("DELETE", "/repos/{owner}/{repo}/contents/{path:path}", "contents:write", delete_contents, PUT),
)
