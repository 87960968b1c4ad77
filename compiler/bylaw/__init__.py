"""bylaw compiles Architecture Decision Records to constraints that machines enforce."""

__version__ = "0.1.0"
