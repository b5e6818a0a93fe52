"""The JSON Schema of case files, by which editors complete, explain and underline."""

from __future__ import annotations

import json
from typing import Any

from ripeness.case.quantities import QUANTITIES, Quantity
from ripeness.case.schema import CaseFile


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file.

    To pydantic's schema it adds the catalogue: the names that assumptions may have, and what each
    quantity means.
    """
    schema = CaseFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    assumptions = schema["properties"]["assumptions"]
    assumptions.pop("additionalProperties")
    assumptions["additionalProperties"] = False
    assumptions["patternProperties"] = {
        rf"^{quantity.name}(\.|$)": _assumption(quantity) for quantity in QUANTITIES
    }
    return schema


def schema_text() -> str:
    """Return the JSON Schema as the text of its file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _assumption(quantity: Quantity) -> dict[str, Any]:
    named = "".join(f", by {kind}" for kind in quantity.over)
    return {
        "allOf": [{"$ref": "#/$defs/Assumption"}],
        "description": f"{quantity.meaning} ({quantity.unit}{named})",
        "properties": {"unit": {"const": quantity.unit}},
    }
