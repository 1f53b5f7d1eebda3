"""The tasks of the program as commands and plain lines; never imports Textual."""
