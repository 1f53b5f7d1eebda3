-- Two roles: one that owns the tables and brings them up to date, and one that the servers work as. The second
-- can add to the history and change none of it, whatever is found in the program or sent to it.
--
--   createdb --encoding=UTF8 --template=template0 behorig
--   psql --dbname=behorig --file=docs/operations/postgresql/roles.sql
--   behorig init --storage postgresql://behorig_owner@/behorig ...     (makes the tables)
--   psql --dbname=behorig --file=docs/operations/postgresql/rights.sql             (after init, and after each migrate)

CREATE ROLE behorig_owner LOGIN;
CREATE ROLE behorig_server LOGIN;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO behorig_owner;
GRANT CREATE ON DATABASE :"DBNAME" TO behorig_owner;
GRANT USAGE ON SCHEMA public TO behorig_server;
