"""PostgreSQL: its addresses, connections and errors, and how a database there begins."""
