"""What a process at work has, what it refuses, and what it hides."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.cli.serving.verbs import HOOKS, VERBS
from app.cli.serving.working import hide, of_job, working
from app.model.job import Kind
from app.model.trouble import Gone
from app.operations import redaction
from app.settings import ServerSettings
from app.standin.server import StandIn
from checks.model.errors import Refusal
from tests.forges import Forge


def test_without_credentials_nothing_is_opened(tmp_path: Path) -> None:
    settings = ServerSettings(database_url=f"sqlite:///{tmp_path / 'a.db'}", data_dir=tmp_path)
    with pytest.raises(Refusal, match="credentials"), working(settings, worker=False):
        pass


def test_every_verb_has_steps_with_names_of_their_own() -> None:
    """DBOS finds what was done by these names."""
    assert VERBS.keys() == set(Kind)
    for kind, steps in VERBS.items():
        names = [step.name for step in steps]
        assert names and len(names) == len(set(names)), kind
    assert HOOKS.keys() <= VERBS.keys()


def test_a_job_of_no_repository_is_refused_one(tmp_path: Path) -> None:
    with StandIn(tmp_path / "github") as github:
        app = github.app()
        settings = ServerSettings(
            app_id=app.app_id,
            private_key=SecretStr(app.private_key),
            api_url=github.url,
            github_url=github.web_url,
            database_url=f"sqlite:///{tmp_path / 'a.db'}",
            data_dir=tmp_path,
        )
        with working(settings, worker=False) as house:
            assert house.durable.alive
            assert house.app.registered().id == app.app_id
            with pytest.raises(Gone, match="without a repository"):
                house.nowhere.pull(1)
        assert not house.durable.alive


def test_a_job_does_nothing_in_another_repository_of_the_same_name(forge: Forge) -> None:
    job, id = forge.job(Kind.GATE), forge.repository.id
    assert of_job(forge.app, job).repository == of_job(forge.app, replace(job, repository_id=id)).repository
    with pytest.raises(Gone):
        of_job(forge.app, replace(job, repository_id=id + 1))


def test_the_secrets_of_the_settings_leave_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", frozenset())
    monkeypatch.setattr(redaction, "_values", None)
    hide(
        ServerSettings(
            private_key=SecretStr("the private key"),
            webhook_secrets=(SecretStr("the secret now"), SecretStr("the one before")),
            client_secret=SecretStr("the client's"),
            operator_token=SecretStr("the operator"),
            database_url="postgresql+psycopg://u:p%40ssw0rd@db/x?password=in%20the%20query",
            data_dir=tmp_path,
        )
    )
    given = ("the private key", "the secret now", "the one before", "the client's", "the operator")
    for secret in (*given, "p%40ssw0rd", "p@ssw0rd", "in the query", "in%20the%20query"):
        assert redaction.redacted(f"<{secret}>") == "<[redacted]>"
