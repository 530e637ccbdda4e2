"""Forged outcomes by somebody who has read our reporter: it is public, and runs in the process that it reports of.

What lies in one process can be found in it. These hold where the reporter notices; where one cannot hold by
construction it says so in `known`, and what bounds the harm: tests and conftest of the base judge a change."""

from tests.hostile.project import Hostile, forger

_FIND = """
import ctypes
import gc
import os
import sys
import types


def ours():
    # functions that the reporter's files define
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType):
            file = each.__code__.co_filename
            if file.startswith("/selfmod/") or "/sandbox/reporter/" in file:
                yield each


def named(name):
    return [each for each in ours() if each.__code__.co_name == name]
"""
_BOUND = "in one process nothing can be hidden; a change is judged by conftest and tests of its base"


def _insider(name: str, tries: str, text: str, known: str = "") -> Hostile:
    return forger(name, tries, {"conftest.py": _FIND + text}, topic="insider", known=known)


INSIDER: tuple[Hostile, ...] = (
    _insider(
        "writer-called",
        "Finds the function that writes records, reports all as passed by it, and ends.",
        """

def pytest_runtestloop(session):
    for report in named("report"):
        for number in range(2):
            report("test", [number, "passed", 0.0, "", ""])
        report("session", {"status": 0, "tests": 2, "ran": 2})
        report("end", 0)
    os._exit(0)
""",
        known=_BOUND,
    ),
    _insider(
        "writer-changed",
        "Finds the function that writes records and replaces what it makes text by.",
        """

def pytest_runtestloop(session):
    for report in named("report"):
        real = report.__globals__["text_of"]
        report.__globals__["text_of"] = lambda value: real(value).replace('"failed"', '"passed"')
""",
        known=_BOUND,
    ),
    _insider(
        "judge-changed",
        "Replaces the code of the function that settles outcomes.",
        """

def passed(phases, marked, *rest):
    return "passed", "", False


def pytest_runtestloop(session):
    for outcome in named("outcome"):
        outcome.__code__ = passed.__code__
""",
    ),
    _insider(
        "observer-changed",
        "Makes the observer of test bodies say that each began and returned, and runs none.",
        """

def pytest_runtestloop(session):
    for each in gc.get_objects():
        if type(each).__name__ == "Monitored" and hasattr(each, "disarm"):
            each.disarm = lambda: (True, True)


def pytest_pyfunc_call(pyfuncitem):
    return True
""",
        known=_BOUND,
    ),
    _insider(
        "key-of-the-writer",
        "Takes the key that the next record is made with out of the writer's closure and signs its own.",
        """
import hashlib
import hmac
import json


def pytest_runtestloop(session):
    for report in named("report"):
        for cell in report.__closure__ or ():
            held = cell.cell_contents
            if not (isinstance(held, list) and held and isinstance(held[0], bytes)):
                continue
            key = held[0]
            records = [("test", [number, "passed", 0.0, "", ""]) for number in range(2)]
            records += [("session", {"status": 0, "tests": 2, "ran": 2}), ("end", 0)]
            for kind, value in records:
                payload = json.dumps({"kind": kind, "value": value}, separators=(",", ":")).encode()
                os.write(3, hmac.digest(key, payload, "sha256").hex().encode() + b" " + payload + b"\\n")
                key = hashlib.sha256(b"next" + key).digest()
    os._exit(0)
""",
        known=_BOUND,
    ),
    _insider(
        "word-changed-in-memory",
        "Overwrites the one string `failed` of the interpreter by `passed`.",
        """

def pytest_runtestloop(session):
    word = sys.intern("failed")
    ctypes.memmove(id(word) + sys.getsizeof(word) - 7, b"passed", 6)
""",
    ),
    _insider(
        "key-in-the-input",
        "Reads the key again from the input, its pipe and the memory of whoever wrote it.",
        """

def pytest_runtestloop(session):
    found = b""
    for name in ("/proc/self/fd/0", "/dev/stdin", f"/proc/{os.getppid()}/fd/0", "/proc/1/fd/0", "/proc/1/environ"):
        try:
            number = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
            found += os.read(number, 1 << 16)
        except OSError:
            continue
    for name in (f"/proc/{os.getppid()}/mem", "/proc/1/mem"):
        try:
            found += open(name, "rb").read(1)
        except OSError:
            continue
    if b'"key"' in found:
        print("ESCAPED", found[:100])
""",
    ),
)
