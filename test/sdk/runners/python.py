"""Makes the calls of scenario.json by the Python SDK: python.py <folder of src> <scenario.json> <address> <sync|async|httpx>"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs
from urllib.request import urlopen

folder, file, base_url, mode = sys.argv[1:5]
sys.path.insert(0, folder)

import scenario  # noqa: E402
from scenario import ApiError, CallOptions, TransportError, errors  # noqa: E402
from scenario.socket import AsyncSocket, Reconnect, Socket, SocketError  # noqa: E402

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


sockets = {}
"""Connections by name, with what they were told and nobody has asked for yet."""


async def later(value):
    return await value if inspect.isawaitable(value) else value


async def open_socket(name, given):
    def source(values):
        # Of a list, each handshake gets the next.
        values = iter(list(values))
        return lambda info: next(values)

    auth = {snake(key): source(value) if isinstance(value, list) else value for key, value in given["auth"].items()}
    options = {"auth": auth, "url": given.get("url", base_url.replace("http", "ws", 1))}
    if given.get("reconnect") is False:
        options["reconnect"] = None
    elif "reconnect" in given:
        wanted = given["reconnect"]
        options["reconnect"] = Reconnect(attempts=wanted.get("attempts", 10), delay=wanted["delayMs"] / 1000)
    if "heartbeatMs" in given:
        options["heartbeat"] = given["heartbeatMs"] / 1000
    hook = given.get("onReopen")
    if hook:
        options["on_reopen"] = lambda again: again.request(hook["route"], hook["message"])
    socket = (Socket if mode == "sync" else AsyncSocket)(**options)
    told = {}

    def keep(what):
        told[what] = []
        return lambda *values: told[what].append(values[0] if values else None)

    for event in ("Said", "Ended", "Counted"):
        socket.on(event, keep(event))
    for what in ("reopened", "closed", "unknown"):
        socket.watch(what, keep(what))
    await later(socket.open())
    sockets[name] = socket, told
    return socket.state


async def next_of(told, what):
    for _ in range(1000):
        if told[what]:
            return told[what].pop(0)
        await asyncio.sleep(0.01)
    raise RuntimeError(f"nothing was told of {what}")


async def all_at_once(socket, requests):
    if mode != "sync":
        return await asyncio.gather(*(socket.request(route, message) for route, message in requests))
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda request: socket.request(*request), requests))


async def observe_socket(step):
    if "connect" in step:
        return {"ok": await open_socket(step["socket"], step["connect"])}
    socket, told = sockets[step["socket"]]
    message = step.get("message")
    if message and "bytes" in message:
        message = {"text": "x" * message["bytes"]}
    if "request" in step:
        timeout = step["timeoutMs"] / 1000 if "timeoutMs" in step else None
        return {"ok": await later(socket.request(step["request"], message, timeout=timeout))}
    if "requests" in step:
        return {"ok": await all_at_once(socket, step["requests"])}
    if "rest" in step:
        return {"ok": await asyncio.sleep(step["rest"] / 1000)}
    if "event" in step:
        return {"ok": await next_of(told, step["event"])}
    if "told" in step:
        value = await next_of(told, step["told"])
        if isinstance(value, SocketError):
            raise value
        return {"ok": value}
    await later(socket.close(*step["close"]) if "close" in step else socket.send(step["send"], message))
    return {"ok": socket.state}


def observe_signed(step):
    """A plain request of an address that was signed as that of a WebSocket."""
    iam = story["clients"][step["client"]]["iam"]
    signer = scenario.SigV4(iam["region"], scenario.AwsCredentials(iam["accessKeyId"], iam["secretAccessKey"]))
    url = signer.presign(base_url.replace("http", "ws", 1) + step["presign"])
    with urlopen(url.replace("ws", "http", 1)) as answer:
        return {"ok": json.load(answer)}


async def observe(step):
    if "socket" in step:
        return await observe_socket(step)
    if "presign" in step:
        return observe_signed(step)
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
    if isinstance(error, SocketError):
        names = ("kind", "code", "meaning", "status")
        seen = {name: getattr(error, name) for name in names if hasattr(error, name)}
        has_id = getattr(error, "request_id", None) is not None
        return {"problem": {**seen, "message": str(error), "hasRequestId": has_id}}
    if isinstance(error, TransportError):
        return {"transport": {"kind": error.kind, "attempts": error.attempts}}
    if isinstance(error, ApiError):
        typed = type(error).__name__.startswith(("Fail", "Exact"))
        return {
            "error": {
                "status": error.status,
                "body": error.body,
                "hasRequestId": error.request_id is not None,
                "attempts": error.attempts,
                "gateway": error.gateway,
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
    for socket, _ in sockets.values():
        await later(socket.close())


asyncio.run(main())
