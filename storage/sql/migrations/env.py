"""How Alembic runs the revisions: on the connection that it is given, inside its transaction."""

from alembic import context

from storage.sql.indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
context.run_migrations()
