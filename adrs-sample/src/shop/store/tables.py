# Copyright Tidemark Ltd
"""The tables, as the migrations leave them."""

from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
orders = Table("orders", metadata, Column("number", String, primary_key=True), Column("cents", Integer))
products = Table("products", metadata, Column("sku", String, primary_key=True))
