"""How each command is called: its options, in words. What it does is loaded when it is run."""
