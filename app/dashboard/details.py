"""One record with its whole reasoning, as the values of a page."""

from collections.abc import Sequence
from typing import Any, Protocol

from app.dashboard.parts import configuration, history, people, rules, stages, tests, why
from app.dashboard.parts.case import Case
from app.dashboard.plain import number, part, text, texts
from app.dashboard.undoing.acting import Came
from app.dashboard.undoing.view import View
from app.views import links

NONE = View()


class Part(Protocol):
    """What a part's module has; its template is `parts/<NAME>.html`."""

    NAME: str

    def title(self, case: Case) -> str:
        """The heading."""
        ...

    def show(self, case: Case) -> dict[str, Any]:
        """The values of its template."""
        ...


PARTS: Sequence[Part] = (why, people, stages, tests, rules, configuration, history)
"""In the order of the page: what decides first, what it hangs on after it."""


def values(case: Case, button: View = NONE) -> dict[str, Any]:
    """For the template `details.html`."""
    record, change = case.record, part(case.record.document, "change")
    return {
        "case": case,
        "record": record,
        "state": state(case),
        "reason": text(record.decision, "why"),
        "action": _action(case, button),
        "button": button,
        "change": {
            "files": len(texts(change, "files")),
            "added": number(change, "added"),
            "removed": number(change, "removed"),
        },
        "pull_list": _pull_list(case),
        "parts": [{"name": each.NAME, "title": each.title(case), **_shown(each, case)} for each in PARTS],
    }


def state(case: Case) -> str:
    """How it stands, in the words of the check run's title, as the end of a sentence that begins with the level."""
    decision, stood = case.record.decision, case.stood
    if stood is not None:
        before = {
            "waits": "waiting for " if stood.holds else "would wait for ",
            "blocked": "blocked: " if stood.holds else "would be blocked: ",
            "fails": "failed: " if stood.holds else "would fail: ",
        }
        return before.get(stood.stands, "") + stood.said
    if case.failed:
        return f"failed: {', '.join(stages.stage_title(each).lower() for each in case.failed)}"
    if text(decision, "blocked"):
        return "blocked"
    if not decision:
        return "not decided"
    if needed := people.needed(case):
        return f"needs {needed}"
    return "no approval needed" + (", merges by itself" if text(decision, "merge") == "automatic" else "")


def _action(case: Case, button: View) -> tuple[str, str]:
    """What a person does next: the link at the top right, or (without an address) the button of the page's form."""
    record = case.record
    if newer := case.superseded_by:
        if address := case.details(newer):
            return "Go to the newest commit", address
    if case.undo:
        return _undoing(case, button)
    if case.failed:
        return "See what failed", "#stages"
    waits = case.stood.stands == "waits" if case.stood else number(record.decision, "approvals") > 0
    if record.number and waits and not text(record.decision, "blocked"):
        return f"Review pull request #{record.number}", f"{case.pull_url}/files"
    return (f"Open pull request #{record.number}" if record.number else "Open the repository"), case.pull_url


def _undoing(case: Case, button: View) -> tuple[str, str]:
    asked = button.asked
    if asked is not None and asked.number:
        return f"Open pull request #{asked.number}", f"{case.repository_url}/pull/{asked.number}"
    if asked is not None and asked.came is Came.WAITS and asked.mine:
        return "Look again", button.here
    if button.sign_in:
        return "Sign in with GitHub to take it back", button.sign_in
    if button.token:
        return "Take it back", ""
    # nobody signs in here: who may do it is asked where the command is given
    return f"Take it back at #{case.record.number}", case.pull_url


def _pull_list(case: Case) -> str:
    record = case.record
    if not record.number:
        return ""
    address = links.pull_url(case.settings, record.repository, record.number)
    return address.removeprefix(case.settings.public_url.rstrip("/"))


def _shown(each: Part, case: Case) -> dict[str, Any]:
    return {"template": f"parts/{each.NAME}.html", "values": each.show(case)}
