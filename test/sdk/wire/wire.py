# Makes the calls of wire.test.ts by the Python SDK, and prints what comes of each: wire.py <folder of the package> <address> <mode>
import asyncio
import inspect
import itertools
import json
import re
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
from wire import ApiError, AsyncWire, CallOptions, TransportError, Wire  # noqa: E402

url, mode = sys.argv[2], sys.argv[3]
is_async = mode.startswith("async")
auth = {"bearer": "secret", "api_key": "key"}


def transport():
    if "httpx" not in mode:
        return None
    from wire.runtime.httpx_transport import AsyncHttpxTransport, HttpxTransport

    return AsyncHttpxTransport() if is_async else HttpxTransport()


def client(base_url=url, **settings):
    kind = AsyncWire if is_async else Wire
    return kind(base_url=base_url, auth=auth, retry_delay=0.001, transport=transport(), **settings)


async def done(value):
    return await value if inspect.isawaitable(value) else value


async def all_of(iterator):
    return [item async for item in iterator] if is_async else list(iterator)


def words(body):
    if not isinstance(body, dict):
        return json.dumps(body)
    return f"{body['code']}, {body['message']}" if "code" in body else body["message"]


async def said(call):
    """What comes of a call, in the words of wire.test.ts."""
    try:
        return await done(call())
    except ApiError as error:
        return f"{error.status} after {error.attempts}: {words(error.body)} {error.request_id or 'none'} {error.gateway or 'none'}"
    except TransportError as error:
        return f"{error.kind} after {error.attempts}"
    except ValueError:
        return "refused"


def do(what, **options):
    return CallOptions(headers={"x-do": what}, **options)


async def main():
    api = client()

    async def order(what, **options):
        found = await said(lambda: api.get_order(id="1", options=do(what, **options)))
        return found if isinstance(found, str) else found["body"] or found["url"]

    def show(name, value):
        print(f"{name}: {value}", flush=True)

    show("escaped", (await done(api.get_order(id="a/b c?")))["url"])
    before = await order("count")
    for id in ("..", ".", ""):
        show(f"path {id}", await said(lambda: api.get_order(id=id)))
    show("sent", int(await order("count")) - int(before))
    seen = await done(api.get_order(id="1", tags=["a", "b,c"], x_tags=["d", "e"]))
    show("list", seen["url"] + " " + seen["headers"]["x-tags"])
    bodies = [{"name": "n"}, {"name": "n", "extra": None, "note": None}]
    show("absent and null", " ".join([(await done(api.add_order(body=body)))["body"] for body in bodies]))
    show("credentials", seen["headers"]["authorization"] + " " + seen["headers"]["x-api-key"])
    seen = await done(api.open())
    show("public", [name for name in ("authorization", "x-api-key") if name in seen["headers"]] or "none")
    show("names itself", str(bool(seen["headers"].get("user-agent"))).lower())
    show("html", await order("html", retries=0))
    show("html as JSON", await order("html that says it is JSON"))
    show("declared error", await order("problem"))
    show("broken JSON", await order("broken"))
    show("bytes", (await done(api.get_pdf())).hex())
    show("bytes as a stream", b"".join(await all_of(api.get_pdf_stream())).hex())
    found = [
        (await done(api.get_report()))["code"],
        await done(api.get_report(accept="text/csv")),
        (await done(api.get_report(accept="application/pdf"))).hex(),
        (await done(api.get_report(accept="application/vnd.list+json")))[0]["code"],
    ]
    show("further media types", ", ".join(found))
    empty = [await done(api.get_report(accept=kind, options=do("empty"))) for kind in ("application/pdf", "text/csv")]
    show("empty bytes, empty text", ", ".join(str(len(body)) for body in empty))
    form = await done(api.upload(body={"title": "ü", "file": bytes([0x61, 0x0D, 0x0A]), "tags": ["x", "y"]}))
    boundary = form["headers"]["content-type"].partition("boundary=")[2]
    parts = [part.split("\r\n\r\n", 1) for part in form["body"].split(f"--{boundary}")[1:-1]]
    names = [head.partition('name="')[2].partition('"')[0] for head, _ in parts]
    show("multipart", ", ".join(f"{name}={len(text.encode()) - 2}" for name, (_, text) in zip(names, parts)))
    named = CallOptions(files={"file": ('a "ü".png', "image/png")})
    form = await done(api.upload(body={"title": "t", "file": b"x"}, options=named))
    show("a named file", " ".join(re.search(r'(filename="[^"]*").*content-type: (\S+)', form["body"], re.S | re.I).groups()))
    with tempfile.TemporaryFile() as big:
        big.write(b"y" * 200_000)
        big.seek(0)
        streamed = CallOptions(files={"file": ("big.bin", "text/x", big)})
        form = await done(api.upload(body={"title": "t", "file": b""}, options=streamed))
    pieces = form["body"].split("--" + form["headers"]["content-type"].partition("boundary=")[2])[1:-1]
    split = [piece.split("\r\n\r\n", 1) for piece in pieces]
    sizes = [f"{head.partition('name=' + chr(34))[2].partition(chr(34))[0]}={len(text) - 2}" for head, text in split]
    is_known = "known" if "content-length" in form["headers"] else "no"
    named = " ".join(re.search(r'filename="([^"]*)".*content-type: (\S+)', form["body"], re.S | re.I).groups())
    show("a file that is read as it is sent", f"{is_known} length, {', '.join(sizes)}, {named}")
    show("503, then 200", await order("unavailable once"))
    show("Retry-After", await order("unavailable, then after a second"))
    show("throttled", await order("throttled once"))
    show("quota", await order("quota"))
    down = client("http://127.0.0.1:1")
    show("network", await said(lambda: down.get_order(id="1")))
    show("cut off", await order("cut"))
    show("no head in time", await order("no head", retries=1, timeout=0.2))
    show("half a body in time", await order("half a body", retries=0, timeout=0.3))
    show("drop by drop", await order("drops", retries=0, timeout=0.3))
    show("no time for another", await order("unavailable", total_timeout=1.5))
    show("hung up on", await said(lambda: api.add_order(body={"name": "n"}, options=do("hang up"))))
    show("asked", await order("seen hang up"))
    show("connections left", await order("open"))
    try:
        show("a stream that is cut off", len(await all_of(api.get_pdf_stream(options=do("cut bytes")))))
    except TransportError as error:
        show("a stream that is cut off", f"{error.kind} after {error.attempts}")
    slow = await all_of(api.get_pdf_stream(options=do("slow bytes", timeout=0.4)))
    show("a stream that takes its time", len(b"".join(slow)))
    told = []
    await done(api.get_order(id="1", options=CallOptions(on_response=told.append)))
    show("the answer itself", f"{told[0].status} {told[0].headers['etag']} {told[0].request_id} {told[0].attempts}")
    own = CallOptions(headers={"x-own": "me"})
    events = await all_of(api.watch_events(options=own))
    texts = [json.dumps(event.data, ensure_ascii=False) for event in events]
    show("events", ", ".join(f"{event.event} {text} {event.last_event_id}" for event, text in zip(events, texts)))
    show("events that are refused", await said(lambda: all_of(api.watch_events(options=do("problem")))))
    if is_async:
        task = asyncio.ensure_future(api.get_order(id="1", options=do("no head")))
        await asyncio.sleep(0.2)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            show("given up", "cancelled")
    else:
        show("given up", "cancelled")
    if is_async:
        async for event in api.watch_events():
            show("first event", event.data.split("\n")[0])
            break
    else:
        for event in itertools.islice(api.watch_events(), 1):
            show("first event", event.data.split("\n")[0])
    show("connections left at the end", await order("open"))
    await done(api.close())
    await done(down.close())


asyncio.run(main())
