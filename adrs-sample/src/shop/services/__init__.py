# Copyright Tidemark Ltd
"""What the shop does."""
