"""Branches, refs, objects of git, contents, commits and statuses."""

import base64

from tests.complete.standin.stage import Stage


def play(stage: Stage) -> None:
    head = stage.ask("eve", "GET", "branches/main")["commit"]["sha"]
    stage.ask("eve", "GET", "branches?per_page=5&protected=false")
    stage.ask("eve", "GET", "branches/no/where", None, 404)
    _refs(stage, head)
    _objects(stage, head)
    _contents(stage)
    _commits(stage)


def _refs(stage: Stage, head: str) -> None:
    stage.ask("eve", "GET", "git/ref/heads/main")
    stage.ask("eve", "GET", "git/ref/heads/nowhere", None, 404)
    stage.ask("ann", "POST", "git/refs", {"ref": "refs/heads/by/api", "sha": head}, 201)
    stage.ask("ann", "POST", "git/refs", {"ref": "refs/heads/by/api", "sha": head}, 422)
    stage.ask("eve", "GET", "git/matching-refs/heads/by")
    newer = stage.branch("newer")
    stage.ask("ann", "PATCH", "git/refs/heads/by/api", {"sha": newer})
    stage.ask("ann", "PATCH", "git/refs/heads/by/api", {"sha": head}, 422)
    stage.ask("ann", "PATCH", "git/refs/heads/by/api", {"sha": head, "force": True})
    stage.ask("ann", "DELETE", "git/refs/heads/by/api", None, 204)
    stage.ask("eve", "DELETE", "git/refs/heads/main", None, 403)


def _objects(stage: Stage, head: str) -> None:
    text = base64.b64encode(b"made of objects\n").decode()
    blob = stage.ask("ann", "POST", "git/blobs", {"content": text, "encoding": "base64"}, 201)["sha"]
    stage.ask("eve", "GET", f"git/blobs/{blob}")
    base = stage.ask("eve", "GET", f"git/commits/{head}")["tree"]["sha"]
    stage.ask("eve", "GET", f"git/trees/{base}?recursive=1")
    entry = {"path": "made.txt", "mode": "100644", "type": "blob", "sha": blob}
    inline = {"path": "inline.txt", "mode": "100644", "type": "blob", "content": "inline\n"}
    tree = stage.ask("ann", "POST", "git/trees", {"base_tree": base, "tree": [entry, inline]}, 201)["sha"]
    body = {"message": "Made of objects", "tree": tree, "parents": [head]}
    made = stage.ask(stage.bot, "POST", "git/commits", body, 201)["sha"]
    author = {"name": "Ann", "email": "ann@example.com", "date": "2026-01-02T03:04:05Z"}
    stage.ask("ann", "POST", "git/commits", body | {"author": author, "committer": author}, 201)
    stage.ask("ann", "POST", "git/refs", {"ref": "refs/tags/v1", "sha": made}, 201)
    stage.ask("eve", "GET", f"git/blobs/{'0' * 40}", None, 404)


def _contents(stage: Stage) -> None:
    stage.ask("eve", "GET", "contents")
    stage.ask("eve", "GET", "contents/")
    stage.ask("eve", "GET", "contents/docs?ref=main")
    seen = stage.ask("eve", "GET", "contents/docs/a.md")
    stage.ask("eve", "GET", "contents/docs/a.md", accept="application/vnd.github.raw+json")
    stage.ask("eve", "GET", "contents/nowhere.md", None, 404)
    text = base64.b64encode(b"# Changed\n").decode()
    body = {"message": "Change a.md", "content": text, "sha": seen["sha"], "branch": "newer"}
    changed = stage.ask("ann", "PUT", "contents/docs/a.md", body)["content"]["sha"]
    stage.ask("ann", "PUT", "contents/docs/a.md", body, 409)
    stage.ask("ann", "PUT", "contents/docs/b.md", {"message": "Add", "content": text, "branch": "newer"}, 201)
    stage.ask("ann", "DELETE", "contents/docs/a.md", {"message": "Remove", "sha": changed, "branch": "newer"})


def _commits(stage: Stage) -> None:
    stage.ask("eve", "GET", "commits?sha=newer&per_page=3&path=docs")
    stage.ask("eve", "GET", "commits/newer")
    stage.ask("eve", "GET", "commits/newer", accept="application/vnd.github.diff")
    stage.ask("eve", "GET", f"commits/{'0' * 40}", None, 422)
    stage.ask("eve", "GET", "compare/main...newer")
    stage.ask("eve", "GET", "compare/main...nowhere", None, 404)
    head = stage.ask("eve", "GET", "git/ref/heads/newer")["object"]["sha"]
    status = {"state": "success", "context": "ci/old", "description": "Fine", "target_url": "https://ci.example/1"}
    stage.ask("bob", "POST", f"statuses/{head}", status, 201)
    stage.ask("bob", "POST", f"statuses/{head}", {"state": "pending"}, 201)
    stage.ask("eve", "GET", f"commits/{head}/status")
    stage.ask("eve", "GET", f"commits/{head}/statuses")
    stage.ask("eve", "GET", f"commits/{head}/pulls")
