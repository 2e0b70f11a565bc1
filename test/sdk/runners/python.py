"""Makes the calls of scenario.json by the Python SDK: python.py <folder of src> <scenario.json> <address> <sync|async|httpx>"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from urllib.parse import parse_qs

folder, file, base_url, mode = sys.argv[1:5]
sys.path.insert(0, folder)

import scenario  # noqa: E402
from scenario import ApiError, CallOptions, TransportError, errors  # noqa: E402

with open(file, encoding="utf-8") as source:
    story = json.load(source)


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def client_of(settings):
    auth = {snake(name): value for name, value in settings.items() if name in ("bearer", "apiKey")}
    iam = settings.get("iam")
    if iam:
        keys = scenario.AwsCredentials(iam["accessKeyId"], iam["secretAccessKey"])
        auth["iam"] = scenario.SigV4(iam["region"], keys)
    transport = None
    if mode == "httpx":
        from scenario.runtime.httpx_transport import AsyncHttpxTransport

        transport = AsyncHttpxTransport()
    kind = scenario.Scenario if mode == "sync" else scenario.AsyncScenario
    return kind(base_url=settings.get("baseUrl", base_url), auth=auth, retry_delay=0.001, transport=transport)


def input_of(given):
    out = {snake(name): value for name, value in given.items()}
    body = given.get("body")
    if isinstance(body, dict) and isinstance(body.get("bytes"), int):
        out["body"] = bytes(at % 256 for at in range(body["bytes"]))
    return out


def summed(data):
    return {"bytes": len(data), "sum": sum(data)}


async def collected(values, limit=None):
    out = []
    if hasattr(values, "__aiter__"):
        async for value in values:
            out.append(value)
            if len(out) == limit:
                break
    else:
        for value in values:
            out.append(value)
            if len(out) == limit:
                break
    return out


async def observe(step):
    client = client_of(story["clients"][step.get("client", "plain")])
    arguments = input_of(step["input"])
    if "items" in step:
        items = getattr(client, snake(step["items"]) + "_items")(**arguments)
        return {"items": await collected(items, step.get("limit"))}
    if "pages" in step:
        pages = await collected(getattr(client, snake(step["pages"]) + "_pages")(**arguments))
        return {"pages": [len(page["page"]["items"]) for page in pages]}
    if "stream" in step:
        chunks = await collected(getattr(client, snake(step["stream"]) + "_stream")(**arguments))
        return {"ok": summed(b"".join(chunks))}
    options = step.get("options", {})
    given = CallOptions(retries=options.get("retries"), idempotency_key=options.get("idempotencyKey"))
    body = getattr(client, snake(step["call"]))(**arguments, options=given)
    if mode != "sync":
        body = await body
    if "form" in step["observe"]:
        return {"form": parse_qs(body["text"])}
    return {"ok": summed(body) if isinstance(body, bytes) else body}


def failure(error):
    if isinstance(error, TransportError):
        return {"transport": {"kind": error.kind, "attempts": error.attempts}}
    if isinstance(error, ApiError):
        typed = type(error).__name__.startswith("Fail")
        return {
            "error": {
                "status": error.status,
                "body": error.body,
                "hasRequestId": error.request_id is not None,
                "attempts": error.attempts,
                "typed": typed,
            }
        }
    return {"refused": isinstance(error, ValueError), "reason": repr(error)}


async def main():
    assert errors.Fail404
    for step in story["steps"]:
        try:
            observed = await observe(step)
        except Exception as error:
            observed = failure(error)
        print(json.dumps({"name": step["name"], **observed}), flush=True)


asyncio.run(main())
