# Copyright Tidemark Ltd
"""The shop's HTTP interface."""
