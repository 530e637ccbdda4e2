"""Forged outcomes: the report's own channel, its key and the code that writes to it."""

from tests.hostile.project import Hostile, forger

_SEARCH = """
import gc
import os
import sys


def pieces(found):
    # every run of bytes that can be a key, whatever holds it
    for each in found:
        if isinstance(each, (bytes, bytearray)) and 16 <= len(each) <= 128:
            yield bytes(each)
"""


def _channel(name: str, tries: str, text: str) -> Hostile:
    return forger(name, tries, {"conftest.py": text}, topic="channel")


_FORGE = '''
import hashlib
import hmac
import json
import os


def forge(key):
    """Everything passed, in each form that a reader of lines may take, with each code that may be asked for."""
    records = [
        {"kind": "result", "id": "test_it.py::test_must_fail", "outcome": "passed", "seconds": 0.0},
        {"kind": "finished", "collected": 2, "passed": 2, "failed": 0, "skipped": 0, "exit": 0},
    ]
    for number, record in enumerate(records):
        body = json.dumps(record).encode()
        for text in (body, b"%d" % number + body):
            code = hmac.new(key, text, hashlib.sha256)
            for line in (code.hexdigest().encode() + b" " + body, body + b" " + code.hexdigest().encode(),
                         code.digest() + body):
                try:
                    os.write(3, line + b"\\n")
                except OSError:
                    pass
'''

CHANNEL: tuple[Hostile, ...] = (
    _channel(
        "records-without-a-key",
        "Writes records of its own to the descriptor of the report, and ends.",
        _FORGE + "\n\ndef pytest_runtestloop(session):\n    forge(b'')\n    os._exit(0)\n",
    ),
    _channel(
        "rubbish",
        "Writes rubbish to the descriptor of the report.",
        "import os\n\nfor number in range(3, 16):\n    try:\n        os.write(number, bytes(range(256)) * 10)\n"
        "    except OSError:\n        pass\n",
    ),
    _channel(
        "channel-closed",
        "Closes every descriptor that it did not open.",
        "import os\n\n\ndef pytest_runtest_setup(item):\n    os.closerange(3, 256)\n",
    ),
    _channel(
        "channel-replaced",
        "Puts /dev/null in the place of every descriptor.",
        """
        import os


        def pytest_runtest_setup(item):
            nothing = os.open("/dev/null", os.O_WRONLY)
            for number in range(3, 32):
                if number != nothing:
                    os.dup2(nothing, number)
        """,
    ),
    _channel(
        "channel-caught",
        "Puts a pipe in the channel's place and hands on only what tells of no failure.",
        """
        import os
        import threading

        kept = os.dup(3)
        out, into = os.pipe()
        os.dup2(into, 3)


        def hand_on():
            while data := os.read(out, 1 << 20):
                for line in data.splitlines(keepends=True):
                    if b"failed" not in line:
                        os.write(kept, line)


        threading.Thread(target=hand_on, daemon=True).start()
        """,
    ),
    _channel(
        "records-replayed",
        "Hands on what was written of the passing test once more, in the place of the failing one.",
        """
        import os

        kept = os.dup(3)
        out, into = os.pipe()
        os.dup2(into, 3)
        os.set_blocking(out, False)
        last = b""


        def pytest_runtest_logfinish(nodeid):
            global last
            try:
                seen = os.read(out, 1 << 20)
            except BlockingIOError:
                return
            os.write(kept, last if "fail" in nodeid else seen)
            last = seen
        """,
    ),
    _channel(
        "endless-report",
        "Writes 32 MB to the descriptor of the report.",
        """
        import os

        try:
            for _ in range(32):
                os.write(3, b"{}\\n" * 350_000)
        except OSError:
            pass
        """,
    ),
    _channel(
        "one-endless-record",
        "Writes one record that has no end.",
        """
        import os

        try:
            for _ in range(32):
                os.write(3, b"[" * 1_000_000)
        except OSError:
            pass
        """,
    ),
    _channel(
        "key-among-the-objects",
        "Looks for the key among all objects of the interpreter and forges the rest with each.",
        _FORGE
        + _SEARCH
        + """

def pytest_runtestloop(session):
    found, seen = list(gc.get_objects()), set()
    for each in list(found):
        try:
            found.extend(gc.get_referents(each))
        except Exception:
            pass
    for key in set(pieces(found)):
        if key not in seen and len(seen) < 2000:
            seen.add(key)
            forge(key)
    os._exit(0)
""",
    ),
    _channel(
        "key-in-the-frames",
        "Looks for the key in the variables of every frame above and in closures.",
        _FORGE
        + _SEARCH
        + """

def pytest_runtestloop(session):
    frame, found = sys._getframe(), []
    while frame:
        for each in [*frame.f_locals.values(), *frame.f_globals.values()]:
            found.append(each)
            found.extend(vars(each).values() if hasattr(each, "__dict__") else ())
            found.extend(cell.cell_contents for cell in getattr(each, "__closure__", None) or () if cell)
        frame = frame.f_back
    for key in set(pieces(found)):
        forge(key)
    os._exit(0)
""",
    ),
    _channel(
        "key-in-the-memory",
        "Looks for the key in the memory of its own process, around the name of a variable.",
        _FORGE
        + """

def pytest_runtestloop(session):
    import re

    tried = 0
    with open("/proc/self/mem", "rb", 0) as memory:
        for line in open("/proc/self/maps"):
            first, last = (int(each, 16) for each in line.split()[0].split("-"))
            if "rw" not in line.split()[1] or last - first > 1 << 24:
                continue
            try:
                memory.seek(first)
                data = memory.read(last - first)
            except OSError:
                continue
            for match in re.finditer(rb"\\x20\\0{7}.{8}(.{32})\\0", data, re.S):
                if tried < 3000:
                    tried += 1
                    forge(match.group(1))
    os._exit(0)
""",
    ),
    _channel(
        "key-in-the-environment",
        "Looks for the key in the arguments, the environment, the input and the files of its process.",
        _FORGE
        + """

def pytest_runtestloop(session):
    import re
    import sys

    text = b"\\0".join(open(f"/proc/self/{name}", "rb").read() for name in ("environ", "cmdline"))
    text += os.read(0, 1 << 16)
    for folder in ("/selfmod", "/project", "."):
        for place, _, names in os.walk(folder):
            for name in names[:50]:
                try:
                    text += open(os.path.join(place, name), "rb").read(1 << 16)
                except OSError:
                    pass
    for match in set(re.findall(rb"[0-9a-f]{32,128}", text)):
        forge(match)
        forge(bytes.fromhex(match.decode()) if len(match) % 2 == 0 else match)
    os._exit(0)
""",
    ),
    _channel(
        "clock-and-codes-patched",
        "Replaces hmac, json, hashlib and time so that what is signed says passed.",
        """
        import hmac
        import json
        import os
        import time

        real = json.dumps


        def passed(value, *arguments, **more):
            return real(value, *arguments, **more).replace("failed", "passed")


        json.dumps = passed
        json.JSONEncoder.encode = lambda self, value: passed(value)
        digest, new = hmac.digest, hmac.new
        hmac.digest = lambda key, text, *rest: digest(key, text.replace(b"failed", b"passed"), *rest)
        hmac.new = lambda key, text=b"", *rest, **more: new(key, text.replace(b"failed", b"passed"), *rest, **more)
        write = os.write
        os.write = lambda to, text: write(to, text.replace(b"failed", b"passed"))
        time.perf_counter = time.monotonic = time.time = lambda: 0.0
        """,
    ),
    _channel(
        "reporter-searched",
        "Finds the objects that hear of reports and replaces the methods of their classes.",
        """
        import gc


        def pytest_collection_finish(session):
            for each in gc.get_objects():
                kind = type(each)
                if getattr(kind, "__module__", "").startswith(("_pytest", "builtins", "pluggy", "pytest")):
                    continue
                for name in ("pytest_runtest_logreport", "pytest_runtest_makereport"):
                    if callable(getattr(kind, name, None)):
                        setattr(kind, name, lambda self, *a, **k: None)
        """,
    ),
    _channel(
        "own-modules-replaced",
        "Replaces every function of our modules that are loaded by one that says passed.",
        """
        import sys
        import types


        def pytest_collection_finish(session):
            for name, module in list(sys.modules.items()):
                path = getattr(module, "__file__", None) or ""
                if not (path.startswith("/selfmod") or "reporter" in name or name == "__main__"):
                    continue
                for key, value in list(vars(module).items()):
                    if isinstance(value, str) and value == "failed":
                        setattr(module, key, "passed")
                    if isinstance(value, types.FunctionType) and "outcome" in key:
                        setattr(module, key, lambda *a, **k: "passed")
        """,
    ),
)
