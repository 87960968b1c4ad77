"""Shell commands: what is run, read and written, as far as the text tells."""
