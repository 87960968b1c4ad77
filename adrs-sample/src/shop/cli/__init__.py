# Copyright Tidemark Ltd
"""The command line of the shop's staff."""
