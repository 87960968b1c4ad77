"""Fail where a product of the catalogue has no price above nothing."""

import json
import sys
from pathlib import Path

products = json.loads(Path("data/catalogue.json").read_text())
sys.exit(any(product["cents"] <= 0 for product in products))
