# Copyright Tidemark Ltd
"""One module for each resource."""
