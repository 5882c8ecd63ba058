"""The JSON schema of a params file: editors complete keys from it while one types.

``python -m impact.spec.schema`` rewrites ``params/schema.json``.
"""

from __future__ import annotations

import json
from typing import Any

from impact.spec.catalogue import catalogue
from impact.spec.models import PilotSpec

__all__ = ["schema", "write_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema of a params file, JSON schema draft 2020-12.

    Every key has its description; a key that is not required may be null; an
    indicator is one of the catalogue.

    Examples
    --------
    >>> schema()["required"]
    ['pilot', 'data', 'design', 'outcomes']
    """
    made = PilotSpec.model_json_schema()
    records = {"PilotSpec": made, **made["$defs"]}
    for record in records.values():
        required = record.get("required", [])
        for key, node in record["properties"].items():
            node.setdefault("title", key.replace("_", " ").capitalize())
            if key not in required:
                record["properties"][key] = _or_null(node)
    made["$defs"]["Outcome"]["properties"]["indicator"]["anyOf"][0] = {
        "type": "string",
        "enum": [key for key, found in catalogue().items() if not found.asked_only_afterwards],
    }
    waves = made["$defs"]["Data"]["properties"]["waves"]["anyOf"][0]
    # A wave may be named by its path alone.
    for pattern, file in waves["patternProperties"].items():
        waves["patternProperties"][pattern] = {"anyOf": [file, {"type": "string"}]}
    made["$defs"]["Outcome"]["properties"]["label"].pop("default")
    made["$defs"]["Design"]["properties"]["randomised"].pop("default")
    made["$defs"]["Outcome"]["properties"]["role"].pop("default")
    return {"$schema": DIALECT, **made, "title": "A pilot of impact: params/<pilot>.yml"}


def _or_null(node: dict[str, Any]) -> dict[str, Any]:
    """Let a key also be null, as the loader does."""
    about: dict[str, Any] = {
        key: node[key] for key in ("title", "description", "default") if key in node
    }
    rest = {key: value for key, value in node.items() if key not in about}
    options = rest.get("anyOf", [rest])
    if {"type": "null"} not in options:
        options = [*options, {"type": "null"}]
    return {**about, "anyOf": options}


def write_schema() -> None:
    """Write ``params/schema.json`` of the project."""
    from impact.spec.project import project_root

    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    (project_root() / "params" / "schema.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schema()
