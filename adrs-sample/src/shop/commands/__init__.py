# Copyright Tidemark Ltd
"""Commands; each module registers its own."""
