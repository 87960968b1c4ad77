# Copyright Tidemark Ltd
"""Ways of paying; none knows another."""
