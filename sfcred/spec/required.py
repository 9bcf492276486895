"""The fields that each credential needs, and the JSON Schema's rule for them.

A profile can set what the spec leaves out, so no model can require them.
"""

from pydantic.json_schema import JsonSchemaValue

#: What every credential needs, in the spec or in its profile.
REQUIRED = ("environment", "client_id")


def require_somewhere(schema: JsonSchemaValue) -> None:
    """Require `environment` and `client_id` in the spec, or in each of its profiles."""
    schema["allOf"] = [{"anyOf": [_in_the_spec(name), _in_each_profile(name)]} for name in REQUIRED]


def _in_the_spec(name: str) -> JsonSchemaValue:
    given = _given(name)
    unset = {"additionalProperties": {"properties": given["properties"]}}
    given["properties"] = {**given["properties"], "profiles": unset}
    return given


def _in_each_profile(name: str) -> JsonSchemaValue:
    profiles = {"type": "object", "additionalProperties": _given(name)}
    return {"required": ["profiles"], "properties": {"profiles": profiles}}


def _given(name: str) -> JsonSchemaValue:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
