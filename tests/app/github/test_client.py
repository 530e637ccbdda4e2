"""Calls over real HTTP: what is repeated, what is waited for, what is raised and told."""

import json
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.github.client import Client, certificates
from app.github.faults import Rejected
from app.model.call import Call
from app.model.trouble import Doubtful, Gone, Unavailable
from checks.model.errors import Refusal
from tests.app.github.authority import authority
from tests.app.github.conftest import Asked, Given, Scripted, World

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
SECRET = "ghs_" + "x" * 600


class Ends:
    """Gives these answers one after the other, the last for ever."""

    def __init__(self, *answers: Given | None) -> None:
        self.answers = list(answers)

    def __call__(self, asked: Asked) -> Given | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Trying:
    """A client with what it was told and how long it would have slept."""

    def __init__(self, server: Scripted) -> None:
        self.server = server
        self.calls: list[Call] = []
        self.waits: list[float] = []
        self.fresh: list[bool] = []
        self.client = Client(server.url, self.calls.append, self.waits.append)

    def header(self, fresh: bool) -> str:
        self.fresh.append(fresh)
        return f"Bearer {SECRET}"

    def call(self, method: str = "GET", path: str = "/thing", **more):
        return self.client.call("purpose", method, path, self.header, repository="acme/shop", **more)


def test_an_answer_is_json_and_told_without_secrets(scripted: Make) -> None:
    trying = Trying(scripted(Ends(Given(200, {"a": 1}))))
    assert trying.call(params={"q": "hidden?"}, path="/thing").data == {"a": 1}
    (call,) = trying.calls
    assert (call.purpose, call.target, call.repository, call.outcome, call.status) == (
        "purpose",
        "GET /thing",
        "acme/shop",
        "ok",
        200,
    )
    assert SECRET not in repr(call)
    assert "hidden" not in repr(call)
    sent = trying.server.asked[0].headers
    assert sent["authorization"] == f"Bearer {SECRET}"
    assert sent["user-agent"] == "selfmod"
    assert sent["x-github-api-version"]


@pytest.mark.parametrize(
    ("given", "kind", "outcome"),
    [
        (Given(404, {"message": "Not Found"}), Gone, "gone"),
        (Given(410, {"message": "deleted"}), Gone, "gone"),
        (Given(451, {"message": "DMCA"}), Gone, "gone"),
        (Given(403, {"message": "This installation has been suspended"}), Gone, "gone"),
        (Given(403, {"message": "Resource not accessible by integration"}), Rejected, "refused"),
        (Given(422, {"message": "Validation Failed", "errors": [{"message": "no such thing"}]}), Rejected, "refused"),
        (
            Given(422, {"message": "Validation Failed", "errors": ["plain", None, {"code": "missing"}]}),
            Rejected,
            "refused",
        ),
        (Given(409, b"no json"), Rejected, "refused"),
        (Given(400, b"[" * 100_000), Rejected, "refused"),
        (Given(200, b"<html>a proxy's page</html>"), Doubtful, "failed"),
        (Given(500, {"message": "oops"}), Doubtful, "failed"),
        (Given(429, {"message": "slow down"}), Unavailable, "limited"),
        (None, Doubtful, "unreachable"),
    ],
)
def test_what_is_no_success_is_raised(scripted: Make, given: Given | None, kind: type[Exception], outcome: str) -> None:
    trying = Trying(scripted(Ends(given)))
    with pytest.raises(kind) as raised:
        trying.call("POST")
    assert type(raised.value) is kind
    assert trying.calls[-1].outcome == outcome
    assert SECRET not in str(raised.value)


def test_a_message_that_strangers_wrote_stays_one_harmless_line(scripted: Make) -> None:
    hostile = "a\n::error::b\x1b[31m\u202e" + "x" * 5_000
    trying = Trying(scripted(Ends(Given(422, {"message": hostile}))))
    with pytest.raises(Rejected) as raised:
        trying.call("POST")
    assert raised.value.said == hostile
    shown = str(raised.value)
    assert "\n" not in shown and "\x1b" not in shown and "\u202e" not in shown
    assert len(shown) < 500


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("bad", [Given(502, {}), None])
def test_what_may_be_repeated_is(scripted: Make, method: str, bad: Given | None) -> None:
    trying = Trying(scripted(Ends(bad, bad, Given(200, [1]))))
    assert trying.call(method).data == [1]
    assert len(trying.server.asked) == 3
    assert len(trying.waits) == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("bad", [Given(502, {}), None])
def test_what_may_have_done_the_work_is_not_repeated_blindly(scripted: Make, method: str, bad: Given | None) -> None:
    trying = Trying(scripted(Ends(bad, Given(200, {}))))
    with pytest.raises(Doubtful):
        trying.call(method)
    assert len(trying.server.asked) == 1


def test_a_repeatable_one_is_repeated(scripted: Make) -> None:
    trying = Trying(scripted(Ends(Given(502, {}), Given(200, {"done": True}))))
    assert trying.call("PATCH", repeatable=True).data == {"done": True}


LIMITS = [
    ({"retry-after": "3"}, {"message": "You have exceeded a secondary rate limit"}, 3.0),
    ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, {"message": "later"}, 60.0),
    ({"retry-after": "nan"}, {"message": "later"}, 60.0),
    ({"retry-after": "99999999"}, {"message": "later"}, 3_700.0),
    ({}, {"message": "You have exceeded a secondary rate limit. Please wait"}, 60.0),
    ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, {"message": "API rate limit exceeded"}, 1.0),
    ({"x-ratelimit-remaining": "0"}, {"message": "API rate limit exceeded"}, 60.0),
]


@pytest.mark.parametrize(("headers", "data", "seconds"), LIMITS)
@pytest.mark.parametrize("status", [403, 429])
def test_limits_are_waited_for_inside_if_short_else_told(
    scripted: Make, status: int, headers: dict[str, str], data: object, seconds: float
) -> None:
    trying = Trying(scripted(Ends(Given(status, data, headers), Given(201, {"done": True}))))
    if seconds <= 10:
        assert trying.call("POST").data == {"done": True}  # nothing was done the first time
        assert trying.waits == [seconds]
    else:
        with pytest.raises(Unavailable) as raised:
            trying.call("POST")
        assert not isinstance(raised.value, Doubtful)
        assert raised.value.after == seconds
        assert trying.waits == []


def test_short_waits_do_not_add_up(scripted: Make) -> None:
    trying = Trying(scripted(Ends(Given(429, {}, {"retry-after": "4"}))))
    with pytest.raises(Unavailable):
        trying.call()
    assert sum(trying.waits) <= 10


def test_a_token_that_expired_is_renewed_once(scripted: Make) -> None:
    trying = Trying(scripted(Ends(Given(401, {"message": "Bad credentials"}), Given(200, {}))))
    trying.call("POST")
    assert trying.fresh == [False, True]
    trying = Trying(scripted(Ends(Given(401, {"message": "Bad credentials"}))))
    with pytest.raises(Rejected, match="doctor"):
        trying.call()
    assert trying.fresh == [False, True]


def test_all_pages_are_read(scripted: Make) -> None:
    def answer(asked: Asked) -> Given:
        number = int(asked.path.partition("&page=")[2] or asked.path.partition("?page=")[2] or 1)
        following = (
            {"link": f'<http://x/?page={number + 1}>; rel="next"'} if number < 4 else {"link": '<x>; rel="first"'}
        )
        return Given(200, [number] * 30, following)

    trying = Trying(scripted(answer))
    assert len(list(trying.client.pages("p", "/things", trying.header))) == 120
    assert "per_page=100" in trying.server.asked[0].path


def test_pages_without_links_go_on_while_they_are_full(scripted: Make) -> None:
    pages = Ends(Given(200, {"within": [0] * 100}), Given(200, {"within": [0] * 5}))
    trying = Trying(scripted(pages))
    assert len(list(trying.client.pages("p", "/things", trying.header, within="within"))) == 105


def test_a_list_without_end_is_refused(scripted: Make) -> None:
    trying = Trying(scripted(Ends(Given(200, [0] * 100))))
    with pytest.raises(Refusal, match="more than 250"):
        list(trying.client.pages("p", "/things", trying.header, most=250))


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([{"type": "NOT_FOUND", "message": "x"}], Gone),
        ([{"type": "RATE_LIMITED", "message": "x"}], Unavailable),
        ([{"message": "Something went wrong while executing your query on 2024"}], Doubtful),
        ([{"type": "STALE_DATA", "message": "Expected branch to point to"}], Rejected),
        ("nonsense", Rejected),
    ],
)
def test_errors_of_graphql(scripted: Make, errors: object, kind: type[Exception]) -> None:
    trying = Trying(scripted(Ends(Given(200, {"data": None, "errors": errors}))))
    with pytest.raises(kind) as raised:
        trying.client.graphql("p", "query { x }", {}, trying.header)
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("api", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.acme.example/api/v3", "https://ghe.acme.example/api/graphql"),
        ("https://ghe.acme.example/api/v3/", "https://ghe.acme.example/api/graphql"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/graphql"),
    ],
)
def test_the_address_of_graphql_is_githubkits(api: str, graphql: str) -> None:
    client = Client(api)
    assert client.graphql_url == graphql
    theirs = client.github.graphql._get_graphql_endpoint()
    assert graphql == theirs or (theirs == "/graphql" and graphql == client.api_url + theirs)


def test_paths_below_the_base_are_kept(scripted: Make) -> None:
    server = scripted(Ends(Given(200, {"data": {}})))
    client = Client(f"{server.url}/api/v3")
    client.call("p", "GET", "/repos/a/b", lambda fresh: "")
    client.graphql("p", "query { x }", {}, lambda fresh: "")
    assert [each.path for each in server.asked] == ["/api/v3/repos/a/b", "/api/graphql"]
    assert "authorization" not in server.asked[0].headers


def test_a_redirect_to_another_host_gets_no_token(scripted: Make) -> None:
    other = scripted(Ends(Given(200, {"here": "other"})))
    trying = Trying(scripted(Ends(Given(301, {}, {"location": f"{other.url}/repositories/1"}))))
    assert trying.call().data == {"here": "other"}
    assert "authorization" not in other.asked[0].headers


@pytest.mark.parametrize("kind", ["timeout", "timeout_after_work"])
def test_an_answer_that_does_not_come_in_time(world: World, monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    number, _ = world.pull()
    monkeypatch.setattr("app.github.client._TIMEOUT", httpx.Timeout(0.8))
    from app.github.app import connect

    host = connect(world.settings).host(world.host.repository, world.installation)
    fault = world.github.faults.add("POST", "/comments$", kind)
    host.put_comment(number, "m", "x", 1)
    assert fault.hits == 1
    assert len(host.comments(number)) == 1


def test_a_proxy_of_the_environment_is_used(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = scripted(Ends(Given(200, {"by": "proxy"})))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    client = Client("http://api.acme.invalid")
    assert client.call("p", "GET", "/x", lambda fresh: "").data == {"by": "proxy"}
    assert proxy.asked[0].path == "http://api.acme.invalid/x"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_private_authority_is_trusted_by_name_only(
    scripted: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    certificate, key = authority(tmp_path)
    server = scripted(Ends(Given(200, {"safe": True})))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server.server.socket = tls.wrap_socket(server.server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    for each in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"):
        monkeypatch.delenv(each, raising=False)
    with pytest.raises(Doubtful, match="cannot be reached"):
        Client(url, wait=lambda seconds: None).call("p", "GET", "/", lambda fresh: "")
    monkeypatch.setenv(variable, str(certificate))
    assert Client(url).call("p", "GET", "/", lambda fresh: "").data == {"safe": True}


def test_certificates_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text(json.dumps({}))
    for place in (tmp_path / "missing.pem", tmp_path / "none.pem"):
        with pytest.raises(Refusal, match="SSL_CERT_FILE"):
            certificates({"SSL_CERT_FILE": str(place)})
    assert certificates({}) is True
