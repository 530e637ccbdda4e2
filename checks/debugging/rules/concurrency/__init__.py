"""Faults in coroutines, tasks and threads."""

from checks.debugging.rules.concurrency import (
    blocking_request_in_coroutine,
    blocking_sleep_in_coroutine,
    coroutine_never_awaited,
    task_reference_lost,
    thread_target_called,
)

RULES = (
    blocking_sleep_in_coroutine.RULE,
    coroutine_never_awaited.RULE,
    blocking_request_in_coroutine.RULE,
    task_reference_lost.RULE,
    thread_target_called.RULE,
)
