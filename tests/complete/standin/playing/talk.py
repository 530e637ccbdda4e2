"""Pull requests, issues, comments, reactions, labels and reviewers."""

from tests.complete.standin.stage import SHOP, Stage


def play(stage: Stage) -> None:
    number = stage.pull("talk", maintainer_can_modify=True)["number"]
    _pulls(stage, number)
    _issues(stage, number)
    _comments(stage, number)
    _labels(stage, number)


def _pulls(stage: Stage, number: int) -> None:
    one = f"pulls/{number}"
    stage.ask("ann", "POST", "pulls", {"title": "Again", "head": "talk", "base": "main"}, 422)
    stage.ask("eve", "GET", "pulls?state=all&head=acme:talk&base=main&sort=updated&direction=desc")
    stage.ask("eve", "GET", one)
    stage.ask("eve", "GET", one)
    stage.ask("eve", "GET", one, accept="application/vnd.github.diff")
    stage.ask("eve", "GET", "pulls/99999", None, 404)
    stage.ask("ann", "PATCH", one, {"title": "Changed title", "body": "Changed body"})
    stage.ask("ann", "PATCH", one, {"state": "closed"})
    stage.ask("ann", "PATCH", one, {"state": "open"})
    stage.ask("eve", "GET", f"{one}/files?per_page=100")
    stage.ask("eve", "GET", f"{one}/commits")
    stage.branch("talk")
    head = stage.github.push(SHOP, "talk", {"talk.txt": "more\n"}, by="ann")
    stage.ask("eve", "GET", f"commits/{head}/pulls")
    asked = {"reviewers": ["bob"], "team_reviewers": ["core"]}
    stage.ask(stage.bot, "POST", f"{one}/requested_reviewers", asked, 201)
    stage.ask("eve", "GET", f"{one}/requested_reviewers")
    stage.ask(stage.bot, "DELETE", f"{one}/requested_reviewers", asked)
    stage.ask(stage.bot, "POST", f"{one}/requested_reviewers", {"reviewers": ["ann"]}, 422)
    stage.github.fork(SHOP, "eve")
    stage.github.push("eve/shop", "forked", {"f.txt": "f\n"}, by="eve")
    body = {"title": "From a fork", "head": "eve:forked", "base": "main", "draft": True}
    fork = stage.ask("eve", "POST", "pulls", body, 201)["number"]
    stage.ask("eve", "GET", f"pulls/{fork}")
    stage.github.push("eve/shop", "forked", {"f.txt": "g\n"}, by="eve")
    stage.ask("eve", "GET", f"pulls/{fork}/commits")


def _issues(stage: Stage, number: int) -> None:
    body = {"title": "It fails", "body": "Traceback", "labels": ["bug"], "assignees": ["ann"]}
    made = stage.ask("ann", "POST", "issues", body, 201)["number"]
    stage.ask("eve", "POST", "issues", {"body": "no title"}, 422)
    stage.ask("eve", "GET", "issues?state=all&labels=bug&sort=created")
    stage.ask("eve", "GET", f"issues/{made}")
    stage.ask("eve", "GET", f"issues/{number}")
    stage.ask("eve", "GET", "issues/99999", None, 404)
    stage.ask("ann", "PATCH", f"issues/{made}", {"title": "It fails twice", "body": None})
    stage.ask("ann", "PATCH", f"issues/{made}", {"state": "closed", "state_reason": "not_planned"})
    stage.ask("ann", "PATCH", f"issues/{made}", {"state": "open"})
    stage.ask("ann", "POST", f"issues/{made}/labels", {"labels": ["enhancement"]})
    stage.ask("ann", "POST", f"issues/{made}/assignees", {"assignees": ["bob"]}, 201)
    react = stage.ask("eve", "POST", f"issues/{made}/reactions", {"content": "+1"}, 201)["id"]
    stage.ask("eve", "POST", f"issues/{made}/reactions", {"content": "+1"})
    stage.ask("eve", "GET", f"issues/{made}/reactions")
    stage.ask("eve", "DELETE", f"issues/{made}/reactions/{react}", None, 204)


def _comments(stage: Stage, number: int) -> None:
    made = stage.ask("eve", "POST", f"issues/{number}/comments", {"body": "/selfmod status"}, 201)["id"]
    stage.ask(stage.bot, "POST", f"issues/{number}/comments", {"body": "Seen."}, 201)
    stage.ask("eve", "POST", f"issues/{number}/comments", {"body": ""}, 422)
    stage.ask("eve", "GET", f"issues/{number}/comments?per_page=1&since=2020-01-01T00:00:00Z")
    stage.ask("eve", "GET", "issues/comments?sort=updated&direction=desc")
    one = f"issues/comments/{made}"
    stage.ask("eve", "GET", one)
    stage.ask("eve", "PATCH", one, {"body": "/selfmod help"})
    react = stage.ask(stage.bot, "POST", f"{one}/reactions", {"content": "eyes"}, 201)["id"]
    stage.ask(stage.bot, "POST", f"{one}/reactions", {"content": "invented"}, 422)
    stage.ask("eve", "GET", f"{one}/reactions?content=eyes")
    stage.ask(stage.bot, "DELETE", f"{one}/reactions/{react}", None, 204)
    stage.ask("bob", "DELETE", one, None, 204)
    stage.ask("eve", "GET", one, None, 404)


def _labels(stage: Stage, number: int) -> None:
    label = {"name": "selfmod: MEDIUM_RISK", "color": "fbca04", "description": "Some risk"}
    stage.ask(stage.bot, "POST", "labels", label, 201)
    stage.ask(stage.bot, "POST", "labels", label, 422)
    stage.ask("eve", "GET", "labels?per_page=1")
    stage.ask("eve", "GET", "labels/selfmod:%20MEDIUM_RISK")
    stage.ask("eve", "GET", "labels/nowhere", None, 404)
    stage.ask(stage.bot, "PATCH", "labels/selfmod:%20MEDIUM_RISK", {"new_name": "medium", "color": "0e8a16"})
    home = f"issues/{number}/labels"
    stage.ask(stage.bot, "POST", home, {"labels": ["medium", "made on the way"]})
    stage.ask("eve", "GET", home)
    stage.ask(stage.bot, "DELETE", f"{home}/medium", None)
    stage.ask(stage.bot, "DELETE", f"{home}/medium", None, 404)
    stage.ask(stage.bot, "PUT", home, {"labels": ["bug"]})
    stage.ask(stage.bot, "DELETE", home, None, 204)
    stage.ask(stage.bot, "DELETE", "labels/medium", None, 204)
