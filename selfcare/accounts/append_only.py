"""The database's own refusal to change or delete audit events and consents.

Triggers, so that a mistake in the code, a shell or a stolen application login cannot rewrite what happened. A later
migration that rebuilds one of these tables on SQLite drops its triggers: end such a migration with ``install``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("accounts_auditevent", "accounts_consent")

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse to change or delete rows of the append-only tables; doing it twice is harmless."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in TABLES:
            for statement in _triggers(connection.vendor, table):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Let the tables be changed again: for a flush between tests and for a migration that moves rows."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in ("update", "delete", "truncate"):
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on_table}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guard away for the duration of the block and put it back whatever happens inside."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _triggers(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_change()"
            for event in ("UPDATE", "DELETE", "TRUNCATE")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for event in ("UPDATE", "DELETE")
    ]
