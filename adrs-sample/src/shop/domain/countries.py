# Copyright Tidemark Ltd
"""Value added tax by country, in per cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Country:
    """A country that the shop ships to."""

    code: str
    name: str
    tax: Decimal


COUNTRIES = (
    Country(
        "AT",
        "Austria",
        Decimal(20),
    ),
    Country(
        "BE",
        "Belgium",
        Decimal(21),
    ),
    Country(
        "BG",
        "Bulgaria",
        Decimal(20),
    ),
    Country(
        "CY",
        "Cyprus",
        Decimal(19),
    ),
    Country(
        "CZ",
        "Czechia",
        Decimal(21),
    ),
    Country(
        "DE",
        "Germany",
        Decimal(19),
    ),
    Country(
        "DK",
        "Denmark",
        Decimal(25),
    ),
    Country(
        "EE",
        "Estonia",
        Decimal(24),
    ),
    Country(
        "ES",
        "Spain",
        Decimal(21),
    ),
    Country(
        "FI",
        "Finland",
        Decimal(25),
    ),
    Country(
        "FR",
        "France",
        Decimal(20),
    ),
    Country(
        "GR",
        "Greece",
        Decimal(24),
    ),
    Country(
        "HR",
        "Croatia",
        Decimal(25),
    ),
    Country(
        "HU",
        "Hungary",
        Decimal(27),
    ),
    Country(
        "IE",
        "Ireland",
        Decimal(23),
    ),
    Country(
        "IT",
        "Italy",
        Decimal(22),
    ),
    Country(
        "LT",
        "Lithuania",
        Decimal(21),
    ),
    Country(
        "LU",
        "Luxembourg",
        Decimal(17),
    ),
    Country(
        "LV",
        "Latvia",
        Decimal(21),
    ),
    Country(
        "MT",
        "Malta",
        Decimal(18),
    ),
    Country(
        "NL",
        "Netherlands",
        Decimal(21),
    ),
    Country(
        "PL",
        "Poland",
        Decimal(23),
    ),
    Country(
        "PT",
        "Portugal",
        Decimal(23),
    ),
    Country(
        "RO",
        "Romania",
        Decimal(19),
    ),
    Country(
        "SE",
        "Sweden",
        Decimal(25),
    ),
    Country(
        "SI",
        "Slovenia",
        Decimal(22),
    ),
    Country(
        "SK",
        "Slovakia",
        Decimal(23),
    ),
)
