"""Check runs and suites, and the merge queue."""

from tests.complete.standin.stage import SHOP, Stage

ANNOTATION = {"path": "shop.py", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "Hm."}
BUTTON = {"label": "Fix", "description": "Opens a pull request", "identifier": "fix"}


def play(stage: Stage) -> None:
    opened = stage.pull("checked")
    head, number = opened["head"]["sha"], opened["number"]
    body = {
        "name": "selfmod/gate",
        "head_sha": head,
        "status": "in_progress",
        "external_id": "gate-1",
        "details_url": "https://selfmod.example/1",
        "started_at": "2026-01-02T03:04:05Z",
        "output": {"title": "Waiting", "summary": "For one", "text": "More", "annotations": [ANNOTATION]},
        "actions": [BUTTON],
    }
    run = stage.ask(stage.bot, "POST", "check-runs", body, 201)
    stage.ask("ann", "POST", "check-runs", body, 403)
    stage.ask(stage.bot, "POST", "check-runs", body | {"head_sha": "0" * 40}, 422)
    one = f"check-runs/{run['id']}"
    stage.ask(stage.bot, "GET", one)
    stage.github.press(SHOP, run["id"], "fix", by="ann")
    done = {"status": "completed", "conclusion": "success", "output": {"title": "Done", "summary": "Fine"}}
    stage.ask(stage.bot, "PATCH", one, done)
    stage.ask(stage.bot, "GET", f"{one}/annotations")
    stage.ask(stage.bot, "POST", f"{one}/rerequest", None, 201)
    stage.ask(stage.bot, "GET", f"commits/{head}/check-runs?check_name=selfmod/gate&filter=latest")
    suites = stage.ask(stage.bot, "GET", f"commits/{head}/check-suites")["check_suites"]
    suite = f"check-suites/{suites[0]['id']}"
    stage.ask(stage.bot, "GET", suite)
    stage.ask(stage.bot, "GET", f"{suite}/check-runs?per_page=5")
    stage.ask(stage.bot, "POST", f"{suite}/rerequest", None, 201)
    stage.ask(stage.bot, "POST", "check-suites", {"head_sha": head})
    tagged = stage.ask("eve", "GET", "git/ref/tags/v1")["object"]["sha"]
    stage.ask(stage.bot, "POST", "check-suites", {"head_sha": tagged}, 201)
    stage.ask(stage.bot, "GET", "check-runs/1", None, 404)
    stage.github.queue(SHOP, number, by="bob")
