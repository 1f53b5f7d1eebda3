"""Where the program is put together: the one place in which ``tui`` meets ``storage``.

A file for each thing that is put together, so that a start loads no more than a session needs.
"""
