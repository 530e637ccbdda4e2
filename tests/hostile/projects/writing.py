"""Writing where nothing is a test's to write. What lies outside the canaries is opened at most, never written."""

from tests.hostile.project import Hostile, Link, Noticed, attempt

_T = "writing"

WRITING: tuple[Hostile, ...] = (
    attempt(
        "outside-the-work-copy",
        _T,
        "Writes a file into a folder of the host that everybody may write.",
        """
        def test_attempt():
            refused(lambda: Path("<<target>>/written").write_text("hello"))
        """,
    ),
    attempt(
        "temporary-folder-of-the-host",
        _T,
        "Leaves files in /tmp, /var/tmp and /dev/shm.",
        """
        def test_attempt():
            for folder in ("/tmp", "/var/tmp", "/dev/shm"):
                try:
                    Path(folder, "<<marker>>-left").write_text("hello")
                except OSError:
                    continue
        """,
    ),
    attempt(
        "programs-of-the-system",
        _T,
        "Opens programs of /usr for writing, and makes a file there.",
        """
        def test_attempt():
            for path in ("/usr/bin/env", "/bin/sh", "/usr/lib/os-release"):
                refused(lambda: open(path, "ab").close())
            assert not os.access("/usr", os.W_OK), "ESCAPED"
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "settings-of-the-system",
        _T,
        "Opens files of /etc for writing.",
        """
        def test_attempt():
            for path in ("/etc/passwd", "/etc/ld.so.cache", "/etc/hosts", "/etc/resolv.conf", "/etc/ld.so.preload"):
                if os.path.exists(path):
                    refused(lambda: open(path, "ab").close())
            assert not os.access("/etc", os.W_OK) or not os.path.exists("/etc/fstab"), "ESCAPED"
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "packages-of-the-environment",
        _T,
        "Opens the files of pytest and of the interpreter's library for writing.",
        """
        import json
        import pytest

        def test_attempt():
            for path in (pytest.__file__, json.__file__, sys.executable, os.__file__):
                refused(lambda: open(os.path.realpath(path), "ab").close())
                assert not os.access(os.path.dirname(path), os.W_OK), "ESCAPED " + path
        """,
        noticed=Noticed.ALWAYS,
    ),
    attempt(
        "core-pattern",
        _T,
        "Opens core_pattern for writing, the way to root of the host.",
        """
        def test_attempt():
            for way in ("/proc/sys/kernel/core_pattern", "/proc/1/root/proc/sys/kernel/core_pattern"):
                refused(lambda: os.close(os.open(way, os.O_WRONLY)))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "switches-of-the-kernel",
        _T,
        "Opens switches of the kernel below /proc and /sys for writing.",
        """
        def test_attempt():
            for path in (
                "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/modprobe",
                "/proc/sysrq-trigger", "/proc/sys/fs/binfmt_misc/register", "/proc/irq/default_smp_affinity",
                "/sys/kernel/uevent_helper", "/sys/power/state", "/proc/bus/pci", "/proc/sys/kernel/ns_last_pid",
            ):
                if os.path.isfile(path):
                    refused(lambda: os.close(os.open(path, os.O_WRONLY)))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "control-groups",
        _T,
        "Opens control groups for writing, to leave its own.",
        """
        def test_attempt():
            for folder, _, names in os.walk("/sys/fs/cgroup"):
                for name in names:
                    if name in ("cgroup.procs", "release_agent", "tasks", "memory.max", "memory.limit_in_bytes"):
                        refused(lambda: os.close(os.open(os.path.join(folder, name), os.O_WRONLY)))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "set-user-id-program",
        _T,
        "Makes programs that give another user's rights, and looks whether new rights can be had.",
        """
        def test_attempt():
            libc = ctypes.CDLL(None)
            assert libc.prctl(39, 0, 0, 0, 0) == 1, "ESCAPED: new privileges may be had"

        def test_capabilities():
            status = Path("/proc/self/status").read_text()
            for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
                held = int(status.split(name + ":")[1].split()[0], 16)
                assert held == 0, f"ESCAPED {name} {held:x}"

        def test_made():
            Path("program").write_bytes(b"#!/bin/sh")
            try:
                os.chmod("program", 0o6755)
            except OSError:
                pass
        """,
        noticed=Noticed.ALWAYS,
    ),
    attempt(
        "another-user",
        _T,
        "Becomes root or another user, and drops or adds groups.",
        """
        def test_attempt():
            refused(lambda: in_child(lambda: os.setgroups([0, 4, 6])))
            for user in (0, 1, 1000, 65533):
                if user != os.getuid():
                    refused(lambda: in_child(lambda: os.setuid(user)))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "through-a-link",
        _T,
        "Writes through a link of the repository that leads out of it.",
        """
        def test_attempt():
            refused(lambda: Path("way/through").write_text("hello"))
        """,
        files={"way": Link("<<target>>")},
        weak="a link out of the tree leads to where nothing may be read, which breaks collection",
    ),
    attempt(
        "hard-link-to-a-secret",
        _T,
        "Makes a hard link to a file of the host.",
        """
        def test_attempt():
            refused(lambda: os.link("<<secret>>", "linked"))
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "file-that-cannot-be-removed",
        _T,
        "Marks a file as immutable, so that it could not be removed.",
        """
        import fcntl
        import struct

        def test_attempt():
            with open("kept", "wb") as kept:
                try:
                    fcntl.ioctl(kept, 0x40086602, struct.pack("l", 0x10))
                except OSError:
                    return
                fcntl.ioctl(kept, 0x40086602, struct.pack("l", 0))
            raise AssertionError("ESCAPED")
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "folder-that-cannot-be-removed",
        _T,
        "Takes all rights from folders and files that it leaves.",
        """
        def test_attempt():
            os.makedirs("shut/inner")
            Path("shut/inner/file").write_text("x")
            os.chmod("shut/inner/file", 0)
            os.chmod("shut/inner", 0)
            os.chmod("shut", 0)
        """,
        noticed=Noticed.NEVER,
        weak="what cannot be measured counts as too much disk",
    ),
    attempt(
        "work-copy-of-the-host",
        _T,
        "Changes its own tests and sources: the folder of the host must stay as it was.",
        """
        def test_attempt():
            Path("test_attempt.py").write_text("def test_attempt(): pass")
            Path("new.py").write_text("x = 1")
            os.unlink("source.py")
        """,
        files={"source.py": "x = 1\n"},
        noticed=Noticed.NEVER,
    ),
)
