"""The world set up from Python, served over HTTP."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from app.standin.server import StandIn


def test_a_repository_is_shown_to_whom_it_may_be(github: StandIn) -> None:
    token = github.person("ann")
    github.repository("ann/shop", {"shop.py": "x = 1\n"}, private=True)
    address = f"{github.url}/repos/ann/shop"
    assert httpx.get(address).status_code == 404
    answer = httpx.get(address, headers={"authorization": f"Bearer {token}"}).json()
    assert (answer["full_name"], answer["permissions"]["admin"]) == ("ann/shop", True)
    assert not github.unknown


def test_it_starts_and_stops_more_than_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with StandIn(tmp_path / name) as github:
            assert httpx.get(f"{github.url}/rate_limit").status_code == 200
        assert len(github.calls) == 1


def test_the_addresses_of_an_enterprise_server_work_too(github: StandIn) -> None:
    github.repository("ann/shop")
    assert httpx.get(f"{github.url}/api/v3/repos/ann/shop").json()["name"] == "shop"


def test_what_is_unknown_is_loud(github: StandIn) -> None:
    answer = httpx.get(f"{github.url}/repos/ann/nothing/here")
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
    assert answer.headers["x-stand-in-unknown"] == "GET /repos/ann/nothing/here"
    assert github.unknown == ["GET /repos/ann/nothing/here"]


def test_it_stops_while_somebody_waits_for_an_answer(tmp_path: Path) -> None:
    github = StandIn(tmp_path).start()
    github.faults.add("GET", "/meta", "timeout")
    outcome: list[BaseException] = []

    def ask() -> None:
        try:
            httpx.get(f"{github.url}/meta", timeout=60)
        except httpx.HTTPError as error:
            outcome.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    until = time.monotonic() + 20
    while not github.faults.planned[0].hits and time.monotonic() < until:
        waiting.join(0.01)
    github.stop()
    waiting.join(30)
    assert not waiting.is_alive()
    assert [type(error) for error in outcome] == [httpx.RemoteProtocolError]


def test_many_at_once_lose_nothing(github: StandIn) -> None:
    token = github.person("ann")
    github.repository("ann/shop", {"shop.py": "x = 1\n"})
    github.push("ann/shop", "topic", {"t": "0"}, by="ann")
    number = github.open_pull("ann/shop", "topic", by="ann").number
    address = f"{github.url}/repos/ann/shop/issues/{number}/comments"

    def work(worker: int) -> list[int]:
        with httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=60) as client:
            github.push("ann/shop", "topic", {f"t{worker}": "1"}, by="ann")
            return [client.post(address, json={"body": f"{worker} {one}"}).json()["id"] for one in range(5)]

    with ThreadPoolExecutor(6) as pool:
        made = [each for found in pool.map(work, range(6)) for each in found]
    assert len(set(made)) == 30
    pull = httpx.get(f"{github.url}/repos/ann/shop/pulls/{number}").json()
    assert (pull["commits"], pull["comments"], pull["changed_files"]) == (7, 30, 7)
    assert github.unknown == []
