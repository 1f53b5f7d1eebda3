"""The revisions, each named after the version of the schema that it makes."""
