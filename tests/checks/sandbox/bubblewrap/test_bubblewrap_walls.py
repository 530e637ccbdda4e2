"""What hostile code inside tries of the host, in every kind of sandbox."""

import os
import socket
from pathlib import Path

import pytest

from tests.checks.sandbox.bubblewrap.kinds import ROOT, Kind, every

TRIED = """
import json, os, sys
def tried(function):
    try:
        return function()
    except OSError as error:
        return type(error).__name__
"""


@every
def test_files_of_the_host_are_not_there(kind: Kind, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    os.environ["SELFMOD_TEST_SECRET"] = "secret"
    places = [str(secret), "/root/.bashrc", "/home", "/etc/shadow", "/etc/machine-id", "/etc/hostname", "/run", "/sys"]
    places += ["/etc/ssh", "/etc/resolv.conf", "/var/log", "/boot", "/mnt", "/srv", "/proc/1/root/etc/shadow"]
    try:
        seen = kind.tells(
            f"{TRIED}\nprint(json.dumps([[p for p in {places!r} if tried(lambda: bool(os.stat(p))) is True],"
            "[n for n in os.environ if 'SECRET' in n], os.uname().nodename,"
            "sorted(set(os.listdir('/')) - set('bin dev etc lib lib32 lib64 libx32 proc project root sbin'.split())"
            " - {'selfmod', 'tmp', 'usr', 'var'}), open('/etc/passwd').read().count('\\n')]))"
        )
    finally:
        del os.environ["SELFMOD_TEST_SECRET"]
    assert isinstance(seen, list)
    assert seen[:3] == [[], [], "sandbox"]
    # what remains are parents of our interpreter, where that lies elsewhere
    assert set(seen[3]) <= {"home", "opt", "work"}
    assert seen[4] == 2


@every
def test_nothing_of_the_host_can_be_written(kind: Kind):
    script = f"""{TRIED}
def put(folder):
    with open(folder + "/selfmod-was-here", "w"):
        return "written"
folders = ["/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/dev", "/selfmod", "/selfmod/inside", "/proc", "/proc/sys",
    "/proc/sys/kernel", "/proc/1", "/var", os.path.dirname(os.__file__), "/root", "/lib", "/bin"]
refused = {{"PermissionError", "FileNotFoundError", "OSError"}}
print(json.dumps([sorted({{tried(lambda: put(f)) for f in folders}} - refused),
    [tried(lambda: put(f)) for f in ("/project", "/tmp", "/dev/shm", "/tmp/home", "/var/tmp")]]))"""
    assert kind.tells(script) == [[], ["written"] * 5]


@every
def test_what_is_mounted_cannot_be_moved_away(kind: Kind):
    script = f"""{TRIED}
places = ["/selfmod", "/selfmod/inside", "/usr", "/etc", "/etc/passwd", "/lib", "/bin", "/project"]
print(json.dumps([p for p in places if tried(lambda: os.rename(p, p + "-away")) is None]))"""
    assert kind.tells(script) == []


@pytest.mark.complete
@every
@pytest.mark.parametrize(
    "place",
    [
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/modprobe",
        "/proc/sys/vm/overcommit_memory",
        "/proc/sys/fs/binfmt_misc/register",
        "/proc/sys/user/max_user_namespaces",
        "/proc/sysrq-trigger",
        "/proc/1/oom_score_adj",
        "/proc/1/mem",
        "/proc/kcore",
    ],
)
def test_settings_of_the_kernel_cannot_be_opened_for_writing(kind: Kind, place):
    script = f"""{TRIED}
print(json.dumps(tried(lambda: os.open({place!r}, os.O_WRONLY))))"""
    if place.startswith("/proc/1/") and not kind.root:
        # the first process inside is the same user there; it has nothing that the command has not
        assert kind.tells(script.replace("os.open", "0 * os.open")) in {0, "PermissionError"}
    else:
        assert kind.tells(script) in {"PermissionError", "FileNotFoundError", "OSError"}


@every
def test_who_the_command_is(kind: Kind):
    script = f"""{TRIED}
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([
    os.getresuid()[0] == os.getresuid()[1] == os.getresuid()[2] == os.getresgid()[2] != 0, os.getgroups(),
    sorted({{int(status[n], 16) for n in status if n.startswith("Cap")}}),
    status["NoNewPrivs"].strip(), status["Seccomp"].strip(),
    [tried(lambda: f(0)) for f in (os.setuid, os.setgid, os.setegid)], tried(lambda: os.setgroups([0])),
    os.getsid(0) != 0, __import__("pwd").getpwuid(os.getuid()).pw_name,
]))"""
    # where a namespace knows no user 0 at all that is an invalid one
    refused = "PermissionError" if kind.root else "OSError"
    seen = kind.tells(script)
    assert isinstance(seen, list)
    groups = seen.pop(1)
    assert 0 not in groups
    assert seen == [True, [0], "1", "2", [refused] * 3, "PermissionError", True, "sandbox"]


@every
def test_processes_of_the_host_cannot_be_seen_or_signalled(kind: Kind):
    script = f"""{TRIED}
pids = [int(n) for n in os.listdir("/proc") if n.isdigit()]
print(json.dumps([len(pids) <= 3, tried(lambda: os.kill({os.getpid()}, 0)), max(pids) < 100]))"""
    assert kind.tells(script) == [True, "ProcessLookupError", True]


@every
def test_the_command_line_of_the_first_process_tells_nothing_of_the_host(kind: Kind):
    seen = kind.tells("import json\nprint(json.dumps(open('/proc/1/cmdline').read().split('\\0')))")
    assert isinstance(seen, list)
    assert seen[1] == "--args"
    assert "ro-bind" not in " ".join(seen)


@every
def test_no_network_of_any_kind(kind: Kind):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as hidden:
        name = f"\0selfmod-test-{os.getpid()}"
        hidden.bind(name)
        hidden.listen()
        server.settimeout(0.1)
        script = f"""
import json, socket
def tried(family, kind, address):
    try:
        with socket.socket(family, kind) as s:
            s.settimeout(1)
            s.connect(address)
            s.send(b"x")
    except OSError as error:
        return type(error).__name__ + " " + str(error.errno)
    return "sent"
def named():
    try:
        return socket.gethostbyname("example.org")
    except OSError:
        return None
print(json.dumps([
    tried(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", {server.getsockname()[1]})),
    tried(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)),
    tried(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
    tried(socket.AF_INET, socket.SOCK_DGRAM, ("169.254.169.254", 80)),
    tried(socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 80)),
    tried(socket.AF_UNIX, socket.SOCK_STREAM, {name!r}),
    tried(socket.AF_UNIX, socket.SOCK_STREAM, "/run/docker.sock"),
    named(),
    [name for _, name in socket.if_nameindex()],
]))"""
        seen = kind.tells(script)
        # whoever had connected would wait in the queue
        accepted = _accepted(server)
    assert isinstance(seen, list)
    assert seen[0] == "ConnectionRefusedError 111"
    assert all(each in {"OSError 101", "OSError 99"} for each in seen[1:5])
    assert seen[5:] == ["ConnectionRefusedError 111", "FileNotFoundError 2", None, ["lo"]]
    assert accepted is None


def _accepted(server: socket.socket) -> object:
    try:
        return server.accept()
    except TimeoutError:
        return None


@every
def test_its_own_loopback_works(kind: Kind):
    script = """
import json, socket
with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
    server.accept()[0].send(b"hello")
    print(json.dumps([client.recv(5).decode(), socket.gethostbyname("localhost")]))"""
    assert kind.tells(script) == ["hello", "127.0.0.1"]


@every
def test_no_terminal_and_no_input_into_one(kind: Kind):
    script = f"""{TRIED}
import fcntl, pty
master, slave = pty.openpty()
def push():
    fcntl.ioctl(slave, 0x5412, b"x")
print(json.dumps([tried(lambda: os.open("/dev/tty", os.O_RDWR)), tried(push), os.isatty(slave),
    sorted(os.listdir("/dev/pts"))[-1] == "ptmx"]))"""
    assert kind.tells(script) == ["OSError", "PermissionError", True, True]


@pytest.mark.skipif(not ROOT, reason="NOT TRIED: users are switched by root only")
def test_files_of_the_switched_user_are_nobodys():
    kind = Kind(root=True, packaged=False, grouped=False)
    assert kind.tells("import json, os\nprint(json.dumps(os.stat('/project').st_uid == os.getuid() > 1_879_048_191))")
