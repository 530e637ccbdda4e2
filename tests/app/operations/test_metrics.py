"""Figures in the text that Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from app.operations import metrics


def samples(*more: metrics.Inbox) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = metrics.exposition(*more).decode()
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def test_what_is_counted_is_shown() -> None:
    before = samples()
    metrics.job_ended("review", "done", 3.0)
    metrics.called("read pull", "ok", 0.2)
    metrics.delivered("push", "accepted", 0.004)
    after = samples()
    for name, labels in (
        ("selfmod_jobs_total", {"kind": "review", "outcome": "done"}),
        ("selfmod_job_seconds_count", {"kind": "review"}),
        ("selfmod_github_calls_total", {"purpose": "read pull", "outcome": "ok"}),
        ("selfmod_deliveries_total", {"event": "push", "outcome": "accepted"}),
        ("selfmod_delivery_answer_seconds_count", {}),
    ):
        key = (name, frozenset(labels.items()))
        assert after[key] == before.get(key, 0.0) + 1, name
    assert any(name == "process_resident_memory_bytes" for name, _ in after)


def test_what_is_sent_makes_no_figures_of_its_own() -> None:
    for number in range(50):
        metrics.delivered(f"made_up_{number}", "accepted", 0.0)
    events = {dict(labels).get("event") for name, labels in samples() if name == "selfmod_deliveries_total"}
    assert events <= metrics.EVENTS | {"other", "none"}


def test_the_inbox_is_asked_when_it_is_read() -> None:
    asked = iter([(3, 12.5), (0, 0.0), None])
    inbox = metrics.Inbox(lambda: next(asked))
    none = frozenset[tuple[str, str]]()
    first, second, third = samples(inbox), samples(inbox), samples(inbox)
    assert (first["selfmod_inbox_deliveries", none], first["selfmod_inbox_oldest_seconds", none]) == (3, 12.5)
    assert second["selfmod_inbox_deliveries", none] == 0
    assert ("selfmod_inbox_deliveries", none) not in third
