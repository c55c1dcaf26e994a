"""The page at ``/docs``: the OpenAPI schema as plain HTML, without a script or anything from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

__all__ = ["docs_page"]

Schema = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1rem }
code, pre { font-family: ui-monospace, Consolas, Menlo, monospace; font-size: .9em }
pre { background: #8882; padding: .7rem 1rem; overflow-x: auto; border-radius: .4rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #8884 }
"""
FIELDS = ("Field", "Kind", "Meaning")


def docs_page(openapi: Schema) -> str:
    """The page for an OpenAPI schema; every text of it is made inert."""
    title, about = escape(openapi["info"]["title"]), escape(openapi["info"].get("description", ""))
    models = openapi.get("components", {}).get("schemas", {})
    routes = "".join(
        _route(method, path, operation, models)
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    )
    objects = "".join(_model(name, model) for name, model in models.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: for programs</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{title}: for programs</h1><p>{about} An error is "
        '<code>{"error": "one line that says how to mend it"}</code>. The same for machines: '
        '<a href="/openapi.json">/openapi.json</a>; for people: <a href="/">the chat</a>.</p>'
        f"{routes}<h2>Objects</h2>{objects}</body></html>"
    )


def _route(method: str, path: str, operation: Schema, models: Schema) -> str:
    taken = sorted([*_parameters(operation), *_body(operation, models)], key=_is_optional)
    gives = "".join(
        f"<tr><td>{escape(status)}</td><td>{_kind(_content(answer))}</td><td>{escape(answer['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2><p><b>{escape(operation.get('summary', ''))}.</b> "
        f"{escape(operation.get('description', ''))}</p>{_example(method, path, operation, models)}"
        f"{_table('Takes', taken) if taken else ''}"
        f"<h3>Gives</h3><table><tr><th>Status</th><th>Object</th><th>When</th></tr>{gives}</table>"
    )


def _parameters(operation: Schema) -> Iterator[tuple[str, bool, Schema]]:
    for parameter in operation.get("parameters", ()):
        schema = {**parameter["schema"], "description": parameter.get("description", "")}
        yield parameter["name"], parameter.get("required", False), schema


def _body(operation: Schema, models: Schema) -> list[tuple[str, bool, Schema]]:
    schema = _content(operation.get("requestBody", {}))
    return _fields(models[_name(schema)]) if "$ref" in schema else []


def _fields(model: Schema) -> list[tuple[str, bool, Schema]]:
    required = model.get("required", ())
    return [(name, name in required, schema) for name, schema in model.get("properties", {}).items()]


def _is_optional(field: tuple[str, bool, Schema]) -> bool:
    return not field[1]


def _model(name: str, model: Schema) -> str:
    shown = [(field, False, schema) for field, _, schema in _fields(model)]
    text = escape(model.get("description", ""))
    return f'<h3 id="{escape(name)}"><code>{escape(name)}</code></h3><p>{text}</p>{_table("", shown)}'


def _table(title: str, fields: list[tuple[str, bool, Schema]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{' (needed)' if needed else ''}</td><td>{_kind(schema)}</td>"
        f"<td>{escape(schema.get('description', ''))}</td></tr>"
        for name, needed, schema in fields
    )
    head = "".join(f"<th>{heading}</th>" for heading in FIELDS)
    return f"{f'<h3>{title}</h3>' if title else ''}<table><tr>{head}</tr>{rows}</table>"


def _kind(schema: Schema) -> str:
    """A schema in words, such as "list of text, at most 200"."""
    if "$ref" in schema:
        name = escape(_name(schema))
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kind = str(schema.get("type", ""))
    text = f"list of {_kind(schema['items'])}" if kind == "array" else escape(words.get(kind, kind))
    limits = {"minimum": "from", "maximum": "to", "maxItems": "at most", "default": "without it"}
    said = [f"{word} {escape(json.dumps(schema[name]))}" for name, word in limits.items() if schema.get(name)]
    return ", ".join([f"day ({schema['format']})" if schema.get("format") == "date" else text, *said])


def _example(method: str, path: str, operation: Schema, models: Schema) -> str:
    """The route called with curl."""
    schema = _content(operation.get("requestBody", {}))
    if "$ref" in schema:
        sent = json.dumps(models[_name(schema)].get("examples", [{}])[0], ensure_ascii=False)
        call = f"curl --json '{sent}' http://127.0.0.1:7860{path}"
    else:
        examples = [(p["name"], p["schema"].get("examples")) for p in operation.get("parameters", ())]
        query = "".join(f' --data-urlencode "{name}={values[0]}"' for name, values in examples if values)
        call = f"curl{' -G' + query if query else ''} http://127.0.0.1:7860{path.replace('{id}', 'ID')}"
    return f"<pre>{escape(call)}</pre>"


def _content(part: Schema) -> Schema:
    content: Schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    return content


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]
