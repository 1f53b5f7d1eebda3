-- What the servers may do. Run again after `behorig migrate`, since new tables come without rights.

GRANT SELECT ON ALL TABLES IN SCHEMA public TO behorig_server;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO behorig_server;

-- The chains: what is in them stays as it is. Of a changeset only what undid it is ever filled in.
REVOKE UPDATE, DELETE, TRUNCATE ON events, card_views FROM behorig_server;
REVOKE UPDATE, DELETE, TRUNCATE ON changesets FROM behorig_server;
GRANT UPDATE (undone_by) ON changesets TO behorig_server;
-- Nobody who works with the program changes what it is or which version it has.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version, meta FROM behorig_server;
