"""The description of the API (OpenAPI 3.1): what django-ninja reads off the code, and what every operation shares."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from ninja.openapi.schema import OpenAPISchema

from articles.publish.api.limits import PER_MINUTE
from articles.publish.api.problems import MEDIA_TYPE
from articles.publish.api.schemas import Problem

ABOUT = (
    "News of Central Asia, reported from every side: one event is one story. Read-only, no key, "
    f"at most {PER_MINUTE} requests a minute and address. Times are RFC 3339 in UTC. "
    "Lists are read page by page through `next`."
)
PROBLEMS = {
    "400": "A filter or cursor can't be read",
    "404": "There is no such row, or it is not shown",
    "429": "Too many requests; Retry-After says when to go on",
}


def complete(schema: OpenAPISchema) -> OpenAPISchema:
    """Add the problem documents, this site's address and what the API is about."""
    schema["info"]["description"] = ABOUT
    schema["servers"] = [{"url": settings.SITE_URL}]
    schema["components"]["schemas"]["Problem"] = Problem.json_schema()
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in schema["paths"].values():
        for operation in methods.values():
            told = {str(status): answer for status, answer in operation["responses"].items()}
            for status, description in PROBLEMS.items():
                told[status] = {"description": description}
            for status in told.keys() - {"200"}:
                told[status]["content"] = content
            operation["responses"] = told
            for parameter in operation["parameters"]:
                mend_parameter(parameter)
    return schema


def mend_parameter(parameter: dict[str, Any]) -> None:
    """A field of a query is absent or has a value, never null; ids in a path are whole numbers that a row can have."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.pop("anyOf", []) if choice.get("type") != "null"]
    if choices:
        schema.update(choices[0])
    if schema.get("default", "") in ("", None):
        schema.pop("default", None)
    schema.pop("title", None)
    if parameter["in"] == "path":
        schema.update({"minimum": 1, "maximum": 2**63 - 1})
