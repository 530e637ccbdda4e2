"""The server's environment, read once into a frozen model."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

GITHUB_API = "https://api.github.com"
GITHUB = "https://github.com"


class ServerSettings(BaseModel):
    """Everything that an operator sets. `webhook_secrets` are the current one and, while it is being replaced, the one
    before. `database_url` is an SQLAlchemy address. `package_index` is where wheels for tested projects come from
    (empty: pip's own setting), `python` an interpreter or virtual environment that all tested projects run with
    instead. `operator_token` opens the start page of the dashboard (empty: one is made of the webhook secret)."""

    model_config = ConfigDict(frozen=True)

    app_id: int | None = None
    private_key: SecretStr = SecretStr("")
    webhook_secrets: tuple[SecretStr, ...] = ()
    api_url: str = GITHUB_API
    github_url: str = GITHUB
    database_url: str
    data_dir: Path
    public_url: str = ""
    operator_token: SecretStr = SecretStr("")
    jobs: int = 2
    """Jobs at once in one process."""
    installation_jobs: int = 2
    """Jobs at once for one installation, in all processes together."""
    retention_days: int = 365
    package_index: str = ""
    python: Path | None = None
    log_format: str = "json"
