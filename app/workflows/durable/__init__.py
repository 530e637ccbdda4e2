"""Jobs that survive a crash: the verbs of `app.workflows`, each step of them a step of DBOS.

Only this package knows DBOS. `jobs.Durable` is its front: `launch`, `enqueue`, `stop`.
"""
