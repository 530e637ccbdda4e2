"""What runs inside the sandbox, beside the project's code: the runner of the tests and its report.

These files are bound read-only and started as `python -I`; they need the standard library only, from Python 3.9 on,
import nothing of selfmod and not each other: run.py loads them by their path, so that no name of theirs can meet one of
the project's. Whatever they use of the standard library they hold from before project code is loaded.
"""
