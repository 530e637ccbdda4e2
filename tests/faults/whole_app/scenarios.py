"""What goes wrong, one scenario a function: each harms pull requests of its own, and says what did not hold."""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.standin.state import Pull
from tests.faults.whole_app.house import REPOSITORY, Whole, wait

WORKER = 1
"""The first worker among the processes."""


@dataclass
class Tally:
    """How often a scenario was tried, and what failed."""

    name: str
    tried: int = 0
    broken: list[str] = field(default_factory=list)

    def count(self, house: Whole, pull: Pull, what: str = "") -> None:
        self.tried += 1
        self.broken += [f"{what}: {each}" if what else each for each in house.faults(pull)]


def calls_of_a_review(house: Whole) -> int:
    """How many calls one undisturbed review makes."""
    house.github.hooks.settle()
    before = len(house.github.calls)
    pull = house.open()
    house.wait(pull)
    return len(house.github.calls) - before


def killed_at_calls(house: Whole, numbers: Iterator[tuple[int, str]] | list[tuple[int, str]]) -> Tally:
    """kill -9 of the only worker at the n-th call to GitHub, before it is served or after its work was done. Between
    two calls lie the boundaries of steps."""
    tally = Tally("kill -9 at a call to GitHub, before or after its work")
    for number, when in numbers:
        seen, killed = 0, threading.Event()

        def strike(number: int = number, killed: threading.Event = killed) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                house.kill(WORKER)
                killed.set()

        house.github.faults.add("*", "", when, times=1_000_000, do=strike)  # type: ignore[arg-type]  # a word
        pull = house.open()
        wait(lambda: killed.is_set() or house.settled(pull), house.story(pull))  # noqa: B023  # called at once
        house.github.faults.clear()
        if killed.is_set():
            house.start(WORKER)
        house.wait(pull)
        tally.count(house, pull, f"call {number}, {when}")
    return tally


def killed_at_any_time(house: Whole, times: int, longest: float) -> Tally:
    """kill -9 of the only worker at a random moment of a review whose tests take a while: inside steps too."""
    tally = Tally("kill -9 of the worker at a random moment, in the sandbox too")
    chance = random.Random(4)  # the same moments each time
    for _ in range(times):
        pull = house.open(house.change(seconds=0.5))
        threading.Event().wait(chance.uniform(0.05, longest))
        house.kill(WORKER)
        house.start(WORKER)
        house.wait(pull)
        tally.count(house, pull)
    return tally


def server_killed(house: Whole, times: int) -> Tally:
    """kill -9 of the server while deliveries come. What it did not accept is sent again, as reconciling asks for."""
    tally = Tally("kill -9 of the server while deliveries come")
    for index in range(times):
        pull = house.open()
        threading.Event().wait(0.02 * index)
        house.kill(0)
        house.start(0)
        house.github.hooks.settle()
        house.send_again()
        house.wait(pull)
        tally.count(house, pull)
    return tally


def delivered_often(house: Whole, times: int, often: int = 10) -> Tally:
    """Every delivery of a pull request comes ten times more, with the same GUID."""
    tally = Tally(f"the same delivery {often} times more")
    for _ in range(times):
        known = len(house.github.deliveries(house.app))
        pull = house.open()
        for delivery in house.github.deliveries(house.app)[known:]:
            house.github.redeliver(delivery, often)
        house.github.hooks.settle()
        house.wait(pull)
        tally.count(house, pull)
    return tally


def out_of_order(house: Whole, times: int) -> Tally:
    """Two pushes more, and all deliveries in reversed or shuffled order: the newest head is reported."""
    tally = Tally("deliveries out of order, with pushes between")
    for index in range(times):
        house.github.hooks.hold()
        pull = house.open()
        for _ in range(2):
            house.numbers += 1
            house.github.push(REPOSITORY, pull.head_ref, house.change(), by="bob")
        house.github.hooks.release("reversed" if index % 2 else "shuffled")
        house.wait(pull)
        tally.count(house, pull)
    return tally


def pushed_in_the_middle(house: Whole, times: int) -> Tally:
    """A push while the tests of the head before are running: they are ended, and its check runs say so; the new head is
    reported."""
    tally = Tally("a push while the tests run")
    for _ in range(times):
        pull = house.open(house.change(seconds=45))
        old = pull.head
        wait(lambda: len(house.runs(old)) >= 3, house.story(pull))  # noqa: B023  # called at once
        house.numbers += 1
        begun = time.monotonic()
        house.github.push(REPOSITORY, pull.head_ref, {**house.change(), **_no_slow_tests(house, pull)}, by="bob")
        house.wait(pull)
        tally.count(house, pull)
        if time.monotonic() - begun > 40:
            tally.broken.append("the older head's tests were not ended")
        # the new head is done beside that, and may be done first
        while (left := _not_ended(house, old)) and time.monotonic() - begun < 40:
            time.sleep(0.1)
        tally.broken += [f"{name} of the older head was not ended" for name in left]
    return tally


def _not_ended(house: Whole, head: str) -> list[str]:
    return [run.name for run in house.runs(head) if run.conclusion != "cancelled"]


def _no_slow_tests(house: Whole, pull: Pull) -> dict[str, str]:
    names = house.repository.git.tree(pull.head, recursive=True)
    return {each.path: "def test_fast():\n    pass\n" for each in names if each.path.startswith("tests/test_slow")}


def going_wrong(house: Whole, kind: str, patterns: list[tuple[str, str]], times: int = 1) -> Tally:
    """Calls of one kind go wrong at GitHub."""
    tally = Tally(f"GitHub answers {kind}")
    for method, pattern in patterns:
        fault = house.github.faults.add(method, pattern, kind, times=times)  # type: ignore[arg-type]  # a word
        pull = house.open()
        house.wait(pull)
        house.github.faults.clear()
        tally.count(house, pull, f"{method} {pattern}")
        if not fault.hits:
            tally.broken.append(f"{method} {pattern} was never called")
    return tally


WRITES = [
    ("POST", r"/check-runs$"),
    ("PATCH", r"/check-runs/\d+$"),
    ("POST", r"/issues/\d+/comments$"),
    ("POST", r"/issues/\d+/labels$"),
    ("POST", r"/repos/[^/]+/[^/]+/labels$"),
]
"""What a review writes (labels of a repository are made once, and reviewers asked where there are code owners)."""
READS = [
    ("GET", r"/pulls/\d+$"),
    ("GET", r"/check-runs"),
    ("GET", r"/pulls/\d+/reviews"),
    ("GET", r"/issues/\d+/comments"),
    ("POST", r"/access_tokens$"),
    ("POST", r"git-upload-pack"),
]


def one_of_three(house: Whole, times: int) -> Tally:
    """One of three workers is killed while all three have work; the two others finish it."""
    tally = Tally("one of three workers killed, not started again")
    for _ in range(times):
        pulls = [house.open(house.change(seconds=1.0)) for _ in range(3)]
        wait(lambda: all(house.runs(each.head) for each in pulls), house.story(pulls[0]))  # noqa: B023  # called at once
        house.kill(WORKER)
        for pull in pulls:
            house.wait(pull)
            tally.count(house, pull)
        house.start(WORKER)
    return tally


def database_restarted(house: Whole, times: int, restart: Callable[[int], object]) -> Tally:
    """The database is restarted, or crashes, while jobs run. What was answered 503 meanwhile is sent again, as
    reconciling asks for."""
    tally = Tally("the database restarted or crashed midway")
    for index in range(times):
        pulls = [house.open(house.change(seconds=0.5)) for _ in range(2)]
        threading.Event().wait(0.7 * (index % 4))
        restart(signal.SIGQUIT if index % 2 else signal.SIGINT)
        house.send_again()
        for pull in pulls:
            house.wait(pull)
            tally.count(house, pull)
    return tally
