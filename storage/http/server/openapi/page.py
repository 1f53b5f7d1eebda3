"""The document as a page to read: plain HTML, complete as it comes, that loads nothing and runs nothing.

It is read from top to bottom, by headings, by landmarks or by the list of contents; every table has its
headings, and what a reader does not need at once is folded (``details``), which needs no script.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any, Final

from storage.http.routes import OPENAPI
from storage.http.server.openapi.document import document
from storage.http.server.openapi.schemas import REFERENCE, Schema

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1rem; }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
h2 { border-top: 2px solid; margin-top: 3rem; padding-top: 1rem; }
h3 { margin-top: 2.5rem; }
h3 code { overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 0.5rem 0 1rem; width: 100%; }
caption { font-weight: bold; text-align: left; }
th, td { border: 1px solid; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
td, dd { overflow-wrap: anywhere; }
pre { border: 1px solid; overflow-x: auto; padding: 0.5rem; }
summary { cursor: pointer; font-weight: bold; }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of the page."""


@cache
def page() -> bytes:
    """Give the page; the same version always gives the same bytes."""
    return "\n".join(_lines(document())).encode()


def _lines(said: Mapping[str, Any]) -> Iterable[str]:
    info = said["info"]
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(info['title'])}: the HTTP interface, version {escape(info['version'])}</title>"
    yield f"<style>{_STYLE}</style></head><body>"
    yield '<a class="skip" href="#content">To the content</a>'
    yield f"<header><h1>{escape(info['title'])}: the HTTP interface, version {escape(info['version'])}</h1>"
    yield f"<p>{escape(info['summary'])}. "
    yield f'The same for programs: <a href="{OPENAPI}">OpenAPI {escape(said["openapi"])}</a>.</p></header>'
    yield from _contents(said)
    yield '<main id="content" tabindex="-1">'
    yield f'<section aria-labelledby="about"><h2 id="about">About</h2>{_text(info["description"])}</section>'
    yield from _security(said["components"]["securitySchemes"])
    for tag in said["tags"]:
        yield from _group(said, tag)
    yield from _components(said["components"]["schemas"])
    yield "</main></body></html>"


def _operations(said: Mapping[str, Any], tag: str) -> Iterable[tuple[str, str, Schema]]:
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                yield method.upper(), path, operation


def _contents(said: Mapping[str, Any]) -> Iterable[str]:
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>'
    yield '<li><a href="#about">About</a></li><li><a href="#credentials">Credentials</a></li>'
    for tag in said["tags"]:
        name = tag["name"]
        yield f'<li><a href="#{_mark("group", name)}">{escape(name.capitalize())}</a><ul>'
        for _, _, operation in _operations(said, name):
            mark = _mark("operation", operation["operationId"])
            yield f'<li><a href="#{mark}">{_inline(operation["summary"])}</a></li>'
        yield "</ul></li>"
    yield '<li><a href="#structures">Structures</a></li></ul></nav>'


def _security(schemes: Mapping[str, Any]) -> Iterable[str]:
    yield '<section aria-labelledby="credentials"><h2 id="credentials">Credentials</h2>'
    yield "<p>One of these, unless a resource says that it is open to everybody.</p><dl>"
    for name, scheme in schemes.items():
        yield f"<dt>{escape(name.capitalize())}</dt><dd>{_inline(scheme['description'])}</dd>"
    yield "</dl></section>"


def _group(said: Mapping[str, Any], tag: Mapping[str, str]) -> Iterable[str]:
    mark = _mark("group", tag["name"])
    yield f'<section aria-labelledby="{mark}"><h2 id="{mark}">{escape(tag["name"].capitalize())}</h2>'
    yield f"<p>{_inline(tag['description'])}</p>"
    for method, path, operation in _operations(said, tag["name"]):
        yield from _operation(said, method, path, operation)
    yield "</section>"


def _operation(said: Mapping[str, Any], method: str, path: str, operation: Schema) -> Iterable[str]:
    mark, name = _mark("operation", operation["operationId"]), operation["operationId"]
    yield f'<article aria-labelledby="{mark}"><h3 id="{mark}">{_inline(operation["summary"])}</h3>'
    yield f"<p><code>{method} {escape(path)}</code></p>"
    yield _text(operation["description"])
    if operation.get("security") == []:
        yield "<p>Open to everybody.</p>"
    parameters = [_resolved(said, each) for each in operation["parameters"]]
    if parameters:
        yield _table(
            f"Parameters of {name}",
            ("Name", "Where", "Required", "Type", "What it says"),
            (
                (
                    f"<code>{escape(each['name'])}</code>",
                    escape(each["in"]),
                    "yes" if each.get("required") else "no",
                    _type(each["schema"]),
                    _inline(each["description"]),
                )
                for each in parameters
            ),
        )
    body = operation.get("requestBody")
    if body is not None:
        yield from _contents_of(f"Body of {name}", body["content"])
    answers = {code: _resolved(said, each) for code, each in operation["responses"].items()}
    yield _table(
        f"Answers of {name}",
        ("Status", "When", "What", "Headers"),
        (
            (
                code,
                _inline(each["description"]),
                "<br>".join(
                    f"{escape(media_type)}: {_type(held['schema'])}"
                    for media_type, held in each.get("content", {}).items()
                )
                or "nothing",
                escape(", ".join(each["headers"])),
            )
            for code, each in answers.items()
        ),
    )
    for code, each in answers.items():
        if code.startswith("2"):
            yield from _examples(f"Example of {name}, {code}", each.get("content", {}))
    yield "</article>"


def _contents_of(caption: str, content: Mapping[str, Any]) -> Iterable[str]:
    yield _table(
        caption,
        ("Media type", "Type"),
        ((escape(media_type), _type(held["schema"])) for media_type, held in content.items()),
    )
    yield from _examples(f"Example: {caption}", content)


def _examples(caption: str, content: Mapping[str, Any]) -> Iterable[str]:
    for held in content.values():
        for name, example in held.get("examples", {}).items():
            value = example["value"]
            shown = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
            title = escape(f"{caption}: {name}")
            yield f"<details><summary>{title}</summary>"
            yield f'<pre tabindex="0" aria-label="{title}"><code>{escape(shown)}</code></pre></details>'


def _components(schemas: Mapping[str, Schema]) -> Iterable[str]:
    yield '<section aria-labelledby="structures"><h2 id="structures">Structures</h2>'
    for name, schema in schemas.items():
        mark = _mark("structure", name)
        yield f'<article aria-labelledby="{mark}"><h3 id="{mark}">{escape(name)}</h3>'
        yield _text(schema.get("description", ""))
        if "enum" in schema:
            yield f"<p>One of: {_values(schema['enum'])}.</p>"
        properties = schema.get("properties", {})
        if properties:
            yield _table(
                f"Fields of {name}",
                ("Name", "Required", "Type", "What it says"),
                (
                    (
                        f"<code>{escape(field)}</code>",
                        "yes" if field in schema.get("required", ()) else "no",
                        _type(each),
                        _inline(each.get("description", "")),
                    )
                    for field, each in properties.items()
                ),
            )
        yield "</article>"
    yield "</section>"


# Pieces ------------------------------------------------------------------------------------------


def _mark(*names: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", "-".join(names))


def _resolved(said: Mapping[str, Any], part: Schema) -> Schema:
    reference = part.get("$ref")
    if reference is None:
        return part
    found: Any = said
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def _values(values: Iterable[object]) -> str:
    return ", ".join(f"<code>{escape(str(each))}</code>" for each in values)


_LIMITS: Final = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "from {}",
    "maximum": "to {}",
}


def _type(schema: Schema) -> str:
    """Give what a schema lets through, in words and with links to the structures."""
    said = [_kind(schema)]
    if "enum" in schema:
        said.append(f"one of {_values(schema['enum'])}")
    if "const" in schema:
        said.append(f"always <code>{escape(str(schema['const']))}</code>")
    said += [text.format(schema[name]) for name, text in _LIMITS.items() if name in schema]
    if "pattern" in schema:
        said.append(f"like <code>{escape(schema['pattern'])}</code>")
    if schema.get("default") not in (None, [], {}, ""):
        said.append(f"<code>{escape(json.dumps(schema['default'], ensure_ascii=False))}</code> if not given")
    return ", ".join(said)


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        return f'<a href="#{_mark("structure", name)}">{escape(name)}</a>'
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_type(each) for each in schema[several])
    if schema.get("type") == "array":
        return f"list of ({_type(schema['items'])})"
    if "additionalProperties" in schema and schema["additionalProperties"] is not False:
        return f"object of ({_type(schema['additionalProperties'])}) by name"
    found = str(schema.get("type", "anything"))
    return escape(f"{found} ({schema['format']})" if "format" in schema else found)


def _table(caption: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give a table whose first cell in each row is the row's heading; the cells are HTML."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = []
    for first, *rest in rows:
        cells = "".join(f"<td>{each}</td>" for each in rest)
        body.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _text(text: str) -> str:
    """Give paragraphs of Markdown's plainest kind as HTML."""
    return "".join(f"<p>{_inline(each)}</p>" for each in re.split(r"\n\s*\n", text.strip()) if each)


def _inline(text: str) -> str:
    found = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", escape(text))
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", found)
