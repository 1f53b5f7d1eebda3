"""What SQLite is to believe about the tables: fixed, so that its plans are the same in every file.

Without statistics SQLite guesses, and guesses that an organisation has ten grants. Statistics of its
own taking would change plans as a file grows, at a moment that nobody chooses. So a file gets those
of a whole country, which its documentation advises for plans that shall be steady ("ANALYZE", "Fixed
Results Of ANALYZE"). The tests of the plans hold them to be right for the statements that there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy import Connection

# By index: its rows, then how many rows there are for each value of its first column, of its first
# two, and so on. A million accounts in three hundred organisations.
_STATISTICS: Final = {
    "accounts": {
        "sqlite_autoindex_accounts_1": "1000000 3300 1",
        "sqlite_autoindex_accounts_2": "1000000 1",
        "ux_accounts_hsa_key": "1000000 3300 1",
        "ix_accounts_by_name": "1000000 3300 1700 2 1",
        "ix_accounts_by_hsa_id": "1000000 3300 1700 1 1",
        "ix_accounts_by_email": "1000000 3300 1700 2 1",
        "ix_accounts_by_grants": "1000000 3300 1700 300 1",
        "ix_accounts_all_by_name": "1000000 500000 3 1 1",
        "ix_accounts_all_by_hsa_id": "1000000 500000 2 1 1",
        "ix_accounts_all_by_email": "1000000 500000 3 1 1",
        "ix_accounts_all_by_grants": "1000000 500000 90000 1 1",
        "ix_accounts_staff": "700 3 3 3",
    },
    "account_versions": {
        "account_versions": "1500000 5000 2 1",
        "ix_account_versions_by_name": "1500000 5000 2500 2 1 1 1",
        "ix_account_versions_by_hsa_id": "1500000 5000 2500 2 1 1 1",
        "ix_account_versions_by_email": "1500000 5000 2500 2 1 1 1",
        "ix_account_versions_began": "1500000 5000 1 1 1",
    },
    "grants": {
        "grants": "8000000 27000 8 2 1",
        "ux_grants_open": "7000000 23000 1200 1",
    },
    "agreements": {"agreements": "700 3 2 1", "ux_agreements_open": "600 2 1"},
    "changesets": {
        "sqlite_autoindex_changesets_1": "200000 700 1",
        "ux_changesets_id": "200000 700 1",
        "ix_changesets_actor": "200000 700 250 1",
        "ix_changesets_at": "200000 700 1 1",
    },
    "events": {
        "events": "10000000 34000 1",
        "ix_events_account": "10000000 34000 10 3",
        "ix_events_kind": "10000000 34000 9000 150",
        "ix_events_permission": "9000000 30000 1500 30",
    },
    "card_views": {"card_views": "500000 1700 1", "ix_card_views_account": "500000 1700 3 1"},
    "announcements": {
        "announcements": "2000 2000 1",
        "ux_announcements_number": "2000 2000 1",
        "ix_announcements_windows": "100 100 2",
    },
    "announcement_texts": {"sqlite_autoindex_announcement_texts_1": "2000 2000 1"},
    "announcement_corrections": {"announcement_corrections": "500 500 2 1"},
    "announcement_reads": {"announcement_reads": "300000 1000 400 1"},
    "announcement_handled": {"announcement_handled": "50000 160 1"},
    "organisations": {
        "sqlite_autoindex_organisations_1": "312 1",
        "sqlite_autoindex_organisations_2": "312 1",
        "ix_organisations_sort_key": "312 1",
    },
}


def fix_statistics(connection: Connection) -> None:
    """Write the statistics into a file; connections made after that plan by them."""
    # Makes the table for them; of one table that has one row, since all would be read for nothing.
    connection.exec_driver_sql("ANALYZE meta")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
        [(table, index, text) for table, of in _STATISTICS.items() for index, text in of.items()],
    )
