"""The button: who may press it, what is sent, and what the page says of it."""

import re
import threading
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app.dashboard import forms
from app.dashboard.reading import Record
from app.dashboard.signing import pages as signing
from app.dashboard.signing.cookies import ACCOUNT
from app.dashboard.undoing import pages
from app.dashboard.undoing.acting import Asked, Came, Taken
from app.github.faults import Rejected
from app.model.forge import Person
from app.model.trouble import Doubtful, Gone, Unavailable
from app.views import links
from checks.model.errors import Refusal
from tests.app.dashboard.samples import EARLIER, HOSTILE, PUBLIC, RECORD, Shelf
from tests.app.dashboard.undoing.presses import ANN, COMMAND, SIGNING, Presses, client_of, sign_in

DETAILS = links.details_url(SIGNING, RECORD.id).removeprefix(PUBLIC)
PRESS = DETAILS.replace("?", "/rollback?")


def token_of(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def signed_in(presses: Presses | None = None, person: Person = ANN, shelf: Shelf | None = None) -> TestClient:
    client = client_of(presses, person, shelf) if shelf else client_of(presses, person)
    assert sign_in(client, DETAILS) == DETAILS
    return client


def test_signed_out_it_is_a_way_to_sign_in_and_back() -> None:
    page = client_of().get(DETAILS)
    assert "Sign in with GitHub to take it back" in page.text and "<form" not in page.text
    address = re.search(r'class="act" href="([^"]+)"', page.text)
    assert address is not None
    assert sign_in(client_of(), DETAILS) == DETAILS
    assert urlsplit(address[1]).path == "/sign-in" and "%3Fkey%3D" in address[1]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert COMMAND in page.text  # the other ways stay


def test_signed_in_it_is_a_form_of_this_page_alone() -> None:
    page = signed_in().get(DETAILS)
    assert f'action="{PRESS}"' in page.text and "Take it back as @ann" in page.text
    assert "form-action 'self';" in page.headers["content-security-policy"] + ";"
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"  # or the form's origin would be null
    assert page.headers["cache-control"] == "no-store"
    assert f'action="{PRESS}"' in signed_in().get(f"{DETAILS}&x=y").text  # the key alone goes on


def test_pressed_it_is_asked_for_with_the_reason() -> None:
    presses = Presses()
    client = signed_in(presses)
    token = token_of(client.get(DETAILS).text)
    fields = {"token": token, "why": f"  totals\r\n are {HOSTILE} wrong  " + "x" * 900}
    answer = client.post(PRESS, data=fields, headers={"origin": PUBLIC, "sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, DETAILS)
    ((record, by, why, press),) = presses.seen
    assert (record, by, press) == (RECORD.id, ANN, token.partition(".")[0])
    assert why.startswith("totals are ") and "\n" not in why and len(why) == 500
    client.post(PRESS, data=fields)
    assert presses.seen[1][3] == press  # the same form is the same press


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://selfmod.example"},
        {"origin": f"{PUBLIC}.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": PUBLIC, "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_a_form_from_elsewhere_asks_for_nothing(headers: dict[str, str]) -> None:
    presses = Presses()
    client = signed_in(presses)
    answer = client.post(PRESS, data={"token": token_of(client.get(DETAILS).text)}, headers=headers)
    assert answer.status_code == 403 and presses.seen == []


def test_a_token_that_is_not_of_this_form_asks_for_nothing() -> None:
    presses = Presses()
    client = signed_in(presses)
    bob = signed_in(presses, Person("bob", 12)).get(DETAILS).text
    other = links.details_url(SIGNING, EARLIER.id).removeprefix(PUBLIC)
    both = Shelf(undos={RECORD.id: COMMAND, EARLIER.id: COMMAND})
    of_earlier = signed_in(presses, shelf=both).get(other).text
    made = token_of(client.get(DETAILS).text)
    for wrong in ("", made[:-1], made + "x", "." + made, token_of(bob), token_of(of_earlier), HOSTILE):
        answer = client.post(PRESS, data={"token": wrong})
        assert answer.status_code == 403, wrong
        assert "Nothing was asked for" in answer.text
    assert client.post(PRESS, data={"token": made, "why": "x" * 20_000}).status_code == 403  # too large to be ours
    assert client.post(PRESS, content=b"\xff\xfe", headers={"content-type": "x"}).status_code == 403
    assert presses.seen == []


def test_who_is_not_signed_in_asks_for_nothing_and_is_told_how() -> None:
    presses = Presses()
    client = signed_in(presses)
    token = token_of(client.get(DETAILS).text)
    stranger = client_of(presses)
    answer = stranger.post(PRESS, data={"token": token})
    assert answer.status_code == 403 and "You are not signed in" in answer.text and "/sign-in?next=" in answer.text
    stranger.cookies.set(f"__Host-{ACCOUNT}", "made.up")
    assert stranger.post(PRESS, data={"token": token}).status_code == 403
    assert presses.seen == []


def test_the_operator_is_no_account() -> None:
    presses = Presses()
    client = client_of(presses)
    client.get("/", params={"token": "operator token"})
    page = client.get(f"/details/{RECORD.id}")
    assert page.status_code == 200 and "Sign in with GitHub to take it back" in page.text and "<form" not in page.text
    assert client.post(f"/details/{RECORD.id}/rollback", data={"token": "x"}).status_code == 403
    sign_in(client)
    page = client.get(f"/details/{RECORD.id}")  # the operator sees every page, and acts as the account
    answer = client.post(f"/details/{RECORD.id}/rollback", data={"token": token_of(page.text)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/details/{RECORD.id}")
    assert [each[1] for each in presses.seen] == [ANN]


def test_without_the_pages_key_there_is_nothing_to_press() -> None:
    presses = Presses()
    client = signed_in(presses)
    token = token_of(client.get(DETAILS).text)
    for path in (
        f"/details/{RECORD.id}/rollback",
        f"{PRESS}x",
        PRESS.replace(RECORD.id, "mod_ffffffffffff"),
        "/details/x/rollback",
    ):
        answer = client.post(path, data={"token": token})
        assert answer.status_code == 404, path
    assert client.get(PRESS).status_code in (404, 405)
    assert presses.seen == []


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (Taken.NOT_MERGED, 409, "not merged, or taken back already"),
        (Taken.TOO_OFTEN, 429, "in an hour"),
        (Gone("the App is not installed"), 409, "not installed"),
        (Unavailable("GitHub answered 502"), 503, "did not answer"),
        (Doubtful("the database is gone"), 503, "It may have been asked for"),
        (Rejected(401, "", "GitHub refused it", "Compare the key."), 502, "Compare the key."),
        (Refusal("the head of the audit chain is gone.", "Restore a backup."), 502, "Restore a backup."),
        (Taken.SENT, 409, "sent already: open the page again"),
    ],
)
def test_what_cannot_be_asked_for_is_told_with_the_way_back(answer: Taken | Exception, status: int, says: str) -> None:
    client = signed_in(Presses(answer))
    told = client.post(PRESS, data={"token": token_of(client.get(DETAILS).text)})
    assert told.status_code == status and says in told.text and "Back to the page" in told.text
    assert "Traceback" not in told.text


@pytest.mark.parametrize(
    ("asked", "says", "form"),
    [
        (Asked("eve", Came.WAITS), "@eve asked for this to be taken back; whether they may is looked up.", True),
        (
            Asked("ann", Came.WAITS, mine=True),
            "Asked for by @ann: the pull request that takes this back will appear at",
            False,
        ),
        (Asked("ann", Came.OPENED, 8), "takes this back, asked for by @ann", False),
        (Asked("", Came.OPENED, 8), "takes this back. It is judged", False),
        (Asked("ann", Came.NOTHING), "nothing was opened", True),
        (
            Asked("eve", Came.REFUSED, said="it needs write access; @eve has read"),
            "not done: it needs write access",
            True,
        ),
        (Asked("eve", Came.REFUSED, said=HOSTILE), "&lt;script&gt;alert(1)", True),
    ],
)
def test_what_came_of_it_is_told(asked: Asked, says: str, form: bool) -> None:
    client = signed_in(Presses(stands=asked))
    page = client.get(DETAILS).text
    assert says in re.sub(r"</?a[^>]*>", "", page)
    assert ('id="take-back"' in page) == form
    assert "<script" not in page
    if asked.number:
        assert f'class="act" href="https://github.com/acme/orders/pull/{asked.number}"' in page
    if asked.came is Came.WAITS and asked.mine:
        assert f'class="act" href="{DETAILS}">Look again' in page


def test_what_is_not_merged_has_no_button() -> None:
    client = signed_in(shelf=Shelf())
    page = client.get(DETAILS).text
    assert 'id="take-back"' not in page and "Signed in as @ann" in page and "Take it back" not in page


class Slow:
    """A browser that sends a byte of its form and no more; `waited` says whether that was waited for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patience: list[float] = []

        async def fields_of(request: Request, patience: float = forms.PATIENCE) -> None:
            self.patience.append(patience)

        for place in (forms, pages, signing):
            monkeypatch.setattr(place, "fields_of", fields_of)


def test_a_form_that_does_not_come_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    presses = Presses()
    client, stranger = signed_in(presses), client_of(presses)
    slow = Slow(monkeypatch)
    answer = client.post(PRESS, data={"token": "x"})
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
    assert client.post("/sign-out").status_code == 408
    assert slow.patience == [forms.PATIENCE] * 2
    # nor is it waited for where it would lead to nothing
    elsewhere = {"origin": "https://evil.example"}
    assert stranger.post(PRESS).status_code == 403
    assert client.post(PRESS, headers=elsewhere).status_code == 403
    assert client.post(f"{PRESS}x").status_code == 404
    assert client.post("/sign-out", headers=elsewhere).status_code == 403
    assert stranger.post("/sign-out").status_code == 408
    assert slow.patience[2:] == [forms.LINGER] * 5 and presses.seen == []


def test_more_at_once_than_there_are_threads_for_ask_for_nothing() -> None:
    began, go = threading.Semaphore(0), threading.Event()

    class Waiting(Presses):
        def take_back(self, record: Record, by: Person, why: str, press: str) -> Taken:
            began.release()
            assert go.wait(30)
            return Taken.ASKED

    client = signed_in(Waiting())
    token = token_of(client.get(DETAILS).text)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.post(PRESS, data={"token": token}).status_code))
        for _ in range(pages.AT_ONCE)
    ]
    for each in threads:
        each.start()
    for _ in threads:
        assert began.acquire(timeout=30)
    more = client.post(PRESS, data={"token": token})
    go.set()
    for each in threads:
        each.join()
    assert more.status_code == 503 and "Try again in a minute." in more.text
    assert answers == [303] * pages.AT_ONCE
