"""Projects that do nothing bad, beside the hostile ones: a sandbox that lets nothing through would pass them all."""

from dataclasses import replace
from textwrap import dedent

from checks.sandbox.port import MIB
from tests.hostile.project import SMALL, Hostile, Noticed, attempt

_T = "honest"


def _honest(name: str, does: str, body: str, memory: int = 512, weak: str = "") -> Hostile:
    limits = replace(SMALL, memory=memory * MIB)
    return attempt(name, _T, does, body, noticed=Noticed.NEVER, limits=limits, weak=weak)


HONEST: tuple[Hostile, ...] = (
    _honest(
        "server-and-client",
        "Talks to a server of its own over the loopback, in both versions, and by a Unix socket.",
        """
        import socket
        import threading

        def test_tcp():
            with socket.create_server(("127.0.0.1", 0)) as server:
                with socket.create_connection(server.getsockname(), 5) as client:
                    server.accept()[0].sendall(b"x")
                    assert client.recv(1) == b"x"

        def test_unix(tmp_path):
            with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
                server.bind(str(tmp_path / "s"))
                server.listen()
                client.connect(str(tmp_path / "s"))

        def test_name():
            assert socket.gethostbyname("localhost") == "127.0.0.1"
        """,
        weak="there is no network, not even to itself",
    ),
    _honest(
        "children",
        "Starts processes and threads of its own, waits for them, and ends them by signals.",
        """
        import multiprocessing
        from concurrent.futures import ThreadPoolExecutor

        def double(x):
            return x * 2

        def test_processes():
            with multiprocessing.Pool(2) as pool:
                assert pool.map(double, range(10)) == list(range(0, 20, 2))

        def test_threads():
            with ThreadPoolExecutor(8) as pool:
                assert list(pool.map(double, range(10))) == list(range(0, 20, 2))

        def test_signals():
            with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
                child.kill()
            assert child.returncode == -signal.SIGKILL
        """,
        weak="there is no /dev/shm",
    ),
    _honest(
        "children-that-share",
        "Has six children that share 120 MB: counted once, it is far below the limit.",
        """
        def test_attempt():
            import time

            shared = bytearray(os.urandom(1 << 20)) * 120
            children = []
            for _ in range(6):
                child = os.fork()
                if not child:
                    time.sleep(1.2)
                    os._exit(0)
                children.append(child)
            assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
            assert len(shared) == 120 << 20
        """,
        memory=400,
    ),
    _honest(
        "files",
        "Writes files, links, folders and modes, in the work copy and in temporary folders.",
        """
        import sqlite3
        import tempfile

        def test_files(tmp_path):
            (tmp_path / "a").mkdir()
            (tmp_path / "a/b").write_bytes(bytes(1 << 20))
            os.symlink("b", tmp_path / "a/c")
            os.chmod(tmp_path / "a/b", 0o600)
            assert os.stat(tmp_path / "a/c").st_size == 1 << 20

        def test_temporary():
            with tempfile.NamedTemporaryFile() as one, tempfile.TemporaryDirectory() as two:
                assert os.path.exists(one.name) and os.path.isdir(two)

        def test_work_copy():
            Path("result.txt").write_text("x")
            Path("result.txt").unlink()

        def test_database(tmp_path):
            with sqlite3.connect(tmp_path / "x.db") as database:
                database.execute("create table t (x)")
            database.close()

        def test_shared_memory():
            from multiprocessing.shared_memory import SharedMemory

            memory = SharedMemory(create=True, size=1 << 20)
            memory.close()
            memory.unlink()
        """,
        weak="there is no /dev/shm",
    ),
    _honest(
        "output",
        "Prints a little to its output and its errors.",
        """
        def test_attempt(capsys):
            print("hello")
            print("there", file=sys.stderr)
            assert capsys.readouterr() == ("hello\\n", "there\\n")
        """,
    ),
    _honest(
        "terminal-of-its-own",
        "Opens a pair of terminals for a child, as tests of command lines do.",
        """
        def test_attempt():
            there, here = os.openpty()
            child = subprocess.Popen(
                [sys.executable, "-c", "print(open(0).isatty())"], stdin=here, stdout=here, stderr=here
            )
            assert child.wait(10) == 0
            assert b"True" in os.read(there, 100)
            os.close(there)
            os.close(here)
        """,
        weak="there are no terminals",
    ),
    Hostile(
        "unittest",
        _T,
        "Has a suite of unittest, with set-ups, sub-tests and a skip.",
        {
            "tests/__init__.py": "",
            "tests/test_it.py": dedent("""
                import unittest


                class Tests(unittest.TestCase):
                    def setUp(self):
                        self.x = 1

                    def test_it(self):
                        for y in range(3):
                            with self.subTest(y=y):
                                self.assertEqual(self.x, 1)

                    @unittest.skip("not here")
                    def test_other(self):
                        pass
                """),
        },
        noticed=Noticed.NEVER,
        cases=2,
    ),
    Hostile(
        "conftest-and-settings",
        _T,
        "Has fixtures, hooks that only add, markers, parameters and expected failures, as projects do.",
        {
            "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = ['slow: takes long']\ntestpaths = ['tests']\n"
            "pythonpath = ['src']\naddopts = '-ra --strict-markers'\n",
            "src/tool/__init__.py": "def double(x):\n    return 2 * x\n",
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef two():\n    return 2\n\n\n"
            "def pytest_collection_modifyitems(items):\n    items.sort(key=lambda each: each.name)\n",
            "tests/test_tool.py": "import pytest\nfrom tool import double\n\n\n@pytest.mark.slow\n"
            "@pytest.mark.parametrize('x', [1, 2])\ndef test_double(x, two):\n    assert double(x) == two * x\n\n\n"
            "@pytest.mark.xfail\ndef test_wrong():\n    assert double(1) == 3\n",
        },
        noticed=Noticed.NEVER,
        cases=3,
    ),
)
