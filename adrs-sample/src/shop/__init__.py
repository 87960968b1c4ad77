# Copyright Tidemark Ltd
"""The back end of the Tidemark shop."""
