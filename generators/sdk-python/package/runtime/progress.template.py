"""Bodies that tell how much of them has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Union

from .types import Request

_CHUNK = 64 * 1024


def counted(request: Request, tell: Callable[[int, Union[int, None]], None]) -> Request:
    """The request, and a report of each piece of its body that was sent."""
    body = request.body
    known = request.headers.get("content-length")
    total = len(body) if isinstance(body, bytes) else int(known) if known and known.isdigit() else None

    def pieces() -> Iterator[bytes]:
        passed = 0
        if isinstance(body, bytes):
            source: Iterator[bytes] = (body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK))
        else:
            source = iter(body or ())
        for piece in source:
            passed += len(piece)
            yield piece
            tell(passed, total)

    headers = dict(request.headers)
    if total is not None:
        headers["content-length"] = str(total)
    return Request(request.method, request.url, headers, pieces())
