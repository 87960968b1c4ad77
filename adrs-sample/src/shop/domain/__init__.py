# Copyright Tidemark Ltd
"""What the shop is about; knows neither database nor network."""
