"""What Alembic runs: the steps in the transaction of the connection that `corpus.store.opening` hands over."""

from alembic import context

from corpus.store.tables import VERSION_TABLE, Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite can, where the transaction is begun by hand
)
context.run_migrations()
