"""Every task as a dialogue in plain lines: for a screen reader, a braille line or a terminal that is dumb."""
