# Copyright Tidemark Ltd
"""The old shop, kept until its last customers have moved."""
