"""What is true: the nouns, the rules and the history of who may do what.

Nothing here reads a file, a clock or a random number; time and ids are given by the caller.
"""
