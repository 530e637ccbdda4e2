"""Processes: too many, outliving, reaching others, and the system calls of their isolation."""

from dataclasses import replace

from tests.hostile.project import SMALL, Hostile, Noticed, Verdict, attempt

_T = "processes"
_FEW = replace(SMALL, processes=40)
_SHORT = replace(SMALL, seconds=2.5)
_STAYS = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
open("up", "w").close()
time.sleep(20)
"""
_WAIT = """
def wait_for(path):
    import time

    end = time.monotonic() + 10
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.01)
    assert os.path.exists(path)
"""

PROCESSES: tuple[Hostile, ...] = (
    attempt(
        "fork-bomb",
        _T,
        "Forks sixty children where forty processes are allowed.",
        """
        import time

        def test_attempt():
            children, stopped = [], False
            try:
                for _ in range(60):
                    child = os.fork()
                    if not child:
                        time.sleep(3)
                        os._exit(0)
                    children.append(child)
            except OSError:
                stopped = True
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            assert stopped, "ESCAPED"
        """,
        limits=_FEW,
        expects=Verdict.ANY,
    ),
    attempt(
        "thread-bomb",
        _T,
        "Starts sixty threads where forty are allowed.",
        """
        import threading

        def test_attempt():
            end, threads, stopped = threading.Event(), [], False
            try:
                for _ in range(60):
                    threads.append(threading.Thread(target=end.wait, args=(3,)))
                    threads[-1].start()
            except RuntimeError:
                stopped = True
            end.set()
            assert stopped, "ESCAPED"
        """,
        limits=_FEW,
        expects=Verdict.ANY,
    ),
    attempt(
        "daemon",
        _T,
        "Leaves a process that has a session of its own, ignores signals and outlives the tests.",
        _WAIT
        + f"""
CODE = '''{_STAYS}'''

def test_attempt():
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        os.closerange(0, 512)
        os.execv(sys.executable, [sys.executable, "-c", CODE, "<<marker>>"])
    wait_for("up")
""",
    ),
    attempt(
        "daemon-that-keeps-the-pipes",
        _T,
        "Leaves a process that keeps every pipe to the host open, so that its end is never seen.",
        _WAIT
        + f"""
CODE = '''{_STAYS}'''

def test_attempt():
    for number in range(3, 64):
        try:
            os.set_inheritable(number, True)
        except OSError:
            pass
    subprocess.Popen(
        [sys.executable, "-c", CODE, "<<marker>>"], stdout=1, stderr=2, close_fds=False, start_new_session=True
    )
    wait_for("up")
""",
        noticed=Noticed.ALWAYS,
    ),
    attempt(
        "moving-target",
        _T,
        "Leaves a process that goes on under a new number again and again, for two seconds.",
        """
        CODE = '''
        import os, sys, time
        end = float(sys.argv[2])
        if time.time() < end:
            if os.fork():
                os._exit(0)
            os.setsid()
            time.sleep(0.02)
            os.execv(sys.executable, [sys.executable, "-c", sys.argv[3], sys.argv[1], sys.argv[2], sys.argv[3]])
        '''

        def test_attempt():
            import textwrap
            import time

            code = textwrap.dedent(CODE)
            subprocess.Popen([sys.executable, "-c", code, "<<marker>>", str(time.time() + 2), code])
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "killing-others",
        _T,
        "Finds a process of the host by its command line and kills it.",
        """
        def test_attempt():
            for process in processes():
                if b"<<victimword>>" in bytes_of(f"/proc/{process}/cmdline"):
                    refused(lambda: os.kill(process, signal.SIGKILL))
        """,
    ),
    attempt(
        "tracing",
        _T,
        "Lets itself be traced, and traces a child of its own.",
        """
        def test_traced():
            refused(lambda: in_child(lambda: system("ptrace", 0, 0, 0, 0)))

        def test_tracing():
            child = os.fork()
            if not child:
                signal.pause()
                os._exit(0)
            try:
                refused(lambda: system("ptrace", 0x4206, child, 0, 0))
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        """,
    ),
    attempt(
        "memory-of-others",
        _T,
        "Reads another process's memory by process_vm_readv and writes by process_vm_writev.",
        """
        def test_attempt():
            class Vector(ctypes.Structure):
                _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]

            there, here = ctypes.create_string_buffer(b"secret"), ctypes.create_string_buffer(6)
            remote = Vector(ctypes.addressof(there), 6)
            local = Vector(ctypes.addressof(here), 6)
            for name in ("process_vm_readv", "process_vm_writev"):
                refused(lambda: system(name, os.getpid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
        """,
    ),
    attempt(
        "new-namespaces",
        _T,
        "Makes a user namespace, where it would be root, and every other one, by unshare and by clone.",
        """
        def test_unshare():
            for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000):
                refused(lambda: in_child(lambda: system("unshare", flag)))

        def test_clone():
            def cloned():
                number = 220 if platform.machine() == "aarch64" else 56
                child = system(number, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
                if not child:
                    os._exit(0)
                os.waitpid(child, 0)

            refused(cloned)
        """,
    ),
    attempt(
        "namespaces-of-others",
        _T,
        "Enters the namespaces of every process that is seen.",
        """
        def test_attempt():
            for process in [1, *processes()[:40]]:
                for kind in ("mnt", "net", "pid", "user"):
                    def entered():
                        found = os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY)
                        try:
                            return system("setns", found, 0)
                        finally:
                            os.close(found)

                    refused(lambda: in_child(entered))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "mounting",
        _T,
        "Mounts a file system in the work copy, by the old and by the new calls.",
        """
        def test_mount():
            os.mkdir("place")

            def mounted():
                system("mount", b"none", os.fsencode(os.path.abspath("place")), b"tmpfs", 0, None)
                system("umount2", os.fsencode(os.path.abspath("place")), 2)

            refused(lambda: in_child(mounted))

        def test_new_calls():
            refused(lambda: in_child(lambda: system("fsopen", b"tmpfs", 0)))
            refused(lambda: in_child(lambda: system("open_tree", -100, b"/", 1)))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "another-root",
        _T,
        "Changes its root folder.",
        """
        def test_attempt():
            refused(lambda: in_child(lambda: os.chroot(".")))
            refused(lambda: in_child(lambda: system("pivot_root", b"/nowhere", b"/nowhere")))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "priority",
        _T,
        "Takes a higher priority and real-time scheduling.",
        """
        def test_attempt():
            refused(lambda: in_child(lambda: os.setpriority(os.PRIO_PROCESS, 0, -10)))
            refused(lambda: in_child(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "higher-limits",
        _T,
        "Raises its own limits.",
        """
        import resource

        def test_attempt():
            for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
                refused(lambda: in_child(lambda: resource.setrlimit(kind, (1 << 30, 1 << 30))))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "rare-system-calls",
        _T,
        "Tries system calls that carried kernel faults, with arguments that do nothing.",
        """
        def test_attempt():
            reached = []
            for name, arguments in (
                ("bpf", (0, None, 0)), ("perf_event_open", (None, 0, -1, -1, 0)), ("keyctl", (0, -3, 0, 0, 0)),
                ("add_key", (None, None, None, 0, 0)), ("io_uring_setup", (1, None)), ("userfaultfd", (1 << 20,)),
                ("kexec_load", (0, 0, None, -1)), ("init_module", (None, 0, None)), ("quotactl", (-1, None, 0, None)),
                ("swapon", (None, -1)), ("clock_settime", (99, None)), ("fanotify_init", (-1, 0)),
                ("pidfd_getfd", (-1, 0, 0)), ("kcmp", (os.getpid(), os.getpid(), 0, 0, 0)),
            ):
                try:
                    in_child_errno = reach(name, arguments)
                except PermissionError:
                    continue
                if in_child_errno not in (1, 13, 38):  # EPERM, EACCES, ENOSYS
                    reached.append((name, in_child_errno))
            assert not reached, f"ESCAPED {reached}"

        def reach(name, arguments):
            child = os.fork()
            if not child:
                try:
                    system(name, *arguments)
                    os._exit(200)
                except OSError as error:
                    os._exit(error.errno)
            status = os.waitpid(child, 0)[1]
            if os.WIFSIGNALED(status):
                raise PermissionError
            return os.WEXITSTATUS(status)
        """,
    ),
    attempt(
        "filter-by-another-door",
        _T,
        "Calls ptrace by the numbers of x32 and by the 32-bit gate, past a filter that knows one table.",
        """
        import mmap
        import pytest

        @pytest.mark.skipif(platform.machine() != "x86_64", reason="other doors")
        def test_x32():
            refused(lambda: in_child(lambda: system(0x40000000 | 521, 0, 0, 0, 0)))

        @pytest.mark.skipif(platform.machine() != "x86_64", reason="other doors")
        def test_32_bit():
            def traced():
                # mov eax, 26 (ptrace); xor ebx, ebx (PTRACE_TRACEME); xor ecx, edx, esi; int 0x80; ret; rbx is kept
                code = bytes.fromhex("53 b81a000000 31db 31c9 31d2 31f6 cd80 5b c3")
                page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                page.write(code)
                place = ctypes.addressof(ctypes.c_char.from_buffer(page))
                result = ctypes.CFUNCTYPE(ctypes.c_int)(place)()
                if result < 0:
                    raise OSError(-result, "refused")

            refused(lambda: in_child(traced))

        def test_other_machines():
            pass
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "signal-to-the-parent",
        _T,
        "Kills its parent and everything above it, where that is the sandbox's own.",
        """
        def test_attempt():
            assert "<<isolated>>" == "yes", "ESCAPED: the parent is a process of the host"
            for process in (os.getppid(), 1):
                try:
                    os.kill(process, signal.SIGKILL)
                except OSError:
                    pass
        """,
        expects=Verdict.ANY,
    ),
    attempt(
        "stopping-itself",
        _T,
        "Stops its own process, so that nothing goes on and nothing ends.",
        """
        def test_attempt():
            os.kill(os.getpid(), signal.SIGSTOP)
        """,
        expects=Verdict.FAILS,
        noticed=Noticed.NEVER,
        limits=_SHORT,
    ),
)
