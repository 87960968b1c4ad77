# Copyright Tidemark Ltd
"""Finding products by words."""
