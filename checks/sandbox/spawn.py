"""Starts the program that starts a sandbox, with the pipes that lead into it."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from checks.model.errors import Refusal
from checks.sandbox.limits.watch import Ends
from checks.sandbox.port import MIB

PIPE = 1 * MIB


def memory(content: bytes, stack: ExitStack) -> int:
    """A descriptor to read the content from, which lies on no disk; closed with the stack."""
    descriptor = os.memfd_create("selfmod")
    stack.callback(os.close, descriptor)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def pipe(reads: ExitStack, writes: ExitStack) -> tuple[int, int]:
    """A pipe whose two ends are closed with these stacks, as large as this host lets us have it."""
    read, write = os.pipe()
    reads.callback(os.close, read)
    writes.callback(os.close, write)
    try:
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE)
    except OSError:
        return read, write  # smaller is only slower
    return read, write


def spawn(
    arguments: Callable[[int, int, int], Sequence[str]], kept: Sequence[int], environment: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], Ends]:
    """Starts `arguments(stream, status, report)` (descriptors for start.py) in a session of its own;
    besides those only the descriptors `kept` are handed on. The ends are the caller's to close.

    Raises Refusal where the program cannot be started."""
    with ExitStack() as theirs, ExitStack() as ours:
        (stream_read, stream), (stdin_read, stdin) = pipe(theirs, ours), pipe(theirs, ours)
        (stdout, stdout_write), (stderr, stderr_write) = pipe(ours, theirs), pipe(ours, theirs)
        (report, report_write), (status, status_write) = pipe(ours, theirs), pipe(ours, theirs)
        argv = arguments(stream_read, status_write, report_write)
        try:
            process = subprocess.Popen(
                argv,
                stdin=stdin_read,
                stdout=stdout_write,
                stderr=stderr_write,
                pass_fds=(stream_read, status_write, report_write, *kept),
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise Refusal(f"no sandbox: {argv[0]} cannot be started: {error.strerror}.") from error
        ours.pop_all()
        return process, Ends(process.pid, stream, stdin, stdout, stderr, report, status)
