"""Which version of the schema this program reads and writes.

Apart from the migrations, so that opening a database needs no Alembic: a test holds this equal to
the last of them. Versions are counted in four digits, so that a newer one can be told from an older
one that this program has never heard of.
"""

SCHEMA_VERSION = "0008"
APPLICATION_ID = int.from_bytes(b"bhrg", "big")
"""What SQLite's header says about whose file it is (``PRAGMA application_id``)."""
