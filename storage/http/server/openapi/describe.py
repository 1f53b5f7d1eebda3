"""The two resources that describe the others, open to everybody: the document and the page made of it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from storage.http.routes import DOCS, OPENAPI
from storage.http.server.answers import HTML, JSON, must_take, tagged
from storage.http.server.caller import OPEN
from storage.http.server.openapi.document import document_bytes
from storage.http.server.openapi.page import POLICY, page

_KEPT: Final = {"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"}
"""Anybody may keep them, and asks by the tag whether they hold: a server may have been upgraded."""


@get(OPENAPI, name="openapi", opt={OPEN: True})
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the OpenAPI document."""
    must_take(request, JSON)
    return tagged(request, document_bytes(), JSON, dict(_KEPT))


@get(DOCS, name="docs", opt={OPEN: True})
async def docs(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the page to read it. Its policy lets a browser load nothing but the style that it holds."""
    must_take(request, HTML)
    return tagged(request, page(), HTML, {**_KEPT, "Content-Security-Policy": POLICY})


def handlers() -> tuple[HTTPRouteHandler, ...]:
    """Give what answers."""
    return (openapi, docs)
