"""The database: SQLite in the data folder with nothing to set up, or PostgreSQL."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Store:
    """A migrated database, and the folder where locks lie when it is SQLite."""

    engine: Engine
    data_dir: Path

    @property
    def postgresql(self) -> bool:
        """Whether several machines may share it."""
        return self.engine.dialect.name == "postgresql"
