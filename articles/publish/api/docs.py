"""The description for programs and the same for people, without anything from another site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

Describe = Callable[[], Mapping[str, Any]]


def openapi(describe: Describe) -> Callable[[HttpRequest], HttpResponse]:
    """The view of openapi.json."""

    def view(request: HttpRequest) -> HttpResponse:
        return JsonResponse(describe(), json_dumps_params={"ensure_ascii": False})

    return view


def page(describe: Describe) -> Callable[[HttpRequest], HttpResponse]:
    """The view of the page for people."""

    def view(request: HttpRequest) -> HttpResponse:
        schema = describe()
        context = {"page_title": "API", "about": schema["info"]["description"], "operations": list(operations(schema))}
        return render(request, "articles/api_docs.html", context)

    return view


def operations(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the page shows of each operation: path, filters and the fields of one item of the answer."""
    named = schema["components"]["schemas"]
    return [
        {
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "filters": [
                {"name": p["name"], "type": type_of(p["schema"]), "description": p.get("description", "")}
                for p in operation["parameters"]
            ],
            "fields": fields_of(operation["responses"]["200"], named),
        }
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    ]


def fields_of(answer: Mapping[str, Any], named: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields of one item of an answer; none for answers that are no JSON."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    properties = resolve(schema, named).get("properties", {})
    if "items" in properties:
        properties = resolve(properties["items"]["items"], named).get("properties", {})
    return [
        {"name": name, "type": type_of(field), "description": field.get("description", "")}
        for name, field in properties.items()
    ]


def resolve(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    return named[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def type_of(schema: Mapping[str, Any]) -> str:
    """A type in words."""
    if "anyOf" in schema:
        return " or ".join(type_of(choice) for choice in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "value")
