"""JSON Schemas, generated from the models. The files in schemas/ are the same."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

NAMES = ("credential", "list", "n8n", "needs", "report", "settings")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(name: str) -> str:
    """Return a schema as JSON text.

    Args:
        name: One of NAMES.
    """
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def schema(name: str) -> dict[str, object]:
    """Return a schema as data (JSON Schema, draft 2020-12)."""
    if name == "n8n":
        from sfcred.n8n.import_schema import import_schema

        return {"$schema": DIALECT, **import_schema()}
    return {"$schema": DIALECT, **_model(name).model_json_schema()}


def _model(name: str) -> "type[BaseModel]":
    if name == "credential":
        from sfcred.spec.model import Spec

        return Spec
    if name == "report":
        from sfcred.report.formats.json import ReportModel

        return ReportModel
    if name == "needs":
        from sfcred.report.needs.json import NeedsModel

        return NeedsModel
    if name == "list":
        from sfcred.report.overview import ListModel

        return ListModel
    from sfcred.settings import settings_model

    return settings_model()
