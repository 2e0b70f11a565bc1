import { credentialUses } from "../sdk-shared/plan.js";
import { checkedImports } from "./lazy-imports.js";
import type { PythonPlan } from "./plan.js";
import type { PythonSocket, PythonSocketRoute } from "./plan-socket.js";
import { qualified } from "./print-errors.js";
import { dictText, docstring, pythonString, tupleText } from "./python-text.js";

/** `socket.py`: the WebSocket client, one that waits and one that is awaited, with the same methods. */
export function printSocket(socket: PythonSocket, { isDataclass }: PythonPlan): string {
  const body = `${authText(socket)}
_API = SocketApi(
${apiText(socket, isDataclass)})

${listeningText(socket.events)}
${classText(socket, false)}

${classText(socket, true)}`;
  const { routes, events, credentials, urls, hasAuth } = socket;
  const replies = routes.flatMap(({ reply }) => reply ?? []);
  const data = events.map((event) => event.data);
  const all = [...routes.flatMap(({ message }) => message ?? []), ...replies, ...data];
  const coded = all.filter(({ codec }) => isDataclass && codec !== "c.RAW");
  const onlyOnes = [replies, data].flatMap((uses) => (uses.length === 1 ? uses : []));
  const codecs = coded.some(({ codec }) => /_codec\b/.test(codec));
  const models = all.some(({ type }) => type.includes("models.")) ? ["models"] : [];
  const typing = [
    ...(models.length > 0 ? ["TYPE_CHECKING"] : []),
    ...(urls.length + routes.length + events.length > 0 ? ["Literal"] : []),
    ...(hasAuth ? ["TypedDict"] : []),
    ...(onlyOnes.some(({ type }) => type !== "object") ? ["cast"] : []),
    ...([routes, replies, events].some(({ length }) => length > 1) ? ["overload"] : []),
  ];
  const [later, now] = events.length > 0 ? [["AsyncIterator"], ["Iterator"]] : [[], []];
  const collections = [...later, "Awaitable", "Callable", ...now, "Mapping", "Sequence"];
  const types = credentials.length > 0 ? ["AsyncCredential", "Credential"] : [];
  return `"""The API's WebSocket: messages by route, and what the server sends on its own."""

from __future__ import annotations

${all.some(({ type }) => /\bdatetime\.date/.test(type)) ? "import datetime\n" : ""}import ssl
from collections.abc import ${collections.join(", ")}
${typing.length > 0 ? `from typing import ${typing.join(", ")}\n` : ""}
${codecs ? "from . import codecs\n" : ""}${coded.length > 0 ? "from .runtime import codec as c\n" : ""}from .runtime.async_socket import AsyncSocketClient, LiveSocket, SocketOptions
${socket.isSigned ? "from .runtime.sigv4 import SigV4\n" : ""}from .runtime.socket_core import (
    Reconnect,
    Reconnecting,
    SocketApi,
    SocketClosed,
    SocketError,
    SocketFailed,
    SocketRefused,
)
${events.length > 0 ? "from .runtime.socket_listening import SocketListening\n" : ""}from .runtime.sync_socket import SocketClient
${types.length > 0 ? `from .runtime.types import ${types.join(", ")}\n` : ""}${checkedImports(models)}
__all__ = [
    "AsyncSocket",
${hasAuth ? '    "AsyncSocketAuth",\n' : ""}    "Reconnect",
    "Reconnecting",
    "Socket",
${hasAuth ? '    "SocketAuth",\n' : ""}    "SocketClosed",
    "SocketError",
    "SocketFailed",
    "SocketRefused",
]

${body}`;
}

/** Only what $connect asks for. */
function authText({ credentials, isSigned, hasAuth }: PythonSocket): string {
  if (!hasAuth) return "";
  const names = new Map(credentials.map(({ name, argument }) => [name, argument]));
  const body = (type: string) =>
    credentialUses([{ credentials }]).map(({ name, uses }) => {
      const where = uses.map(({ place, key }) => `${place === "query" ? "query parameter" : "header"} \`${key}\``);
      return `    ${names.get(name)}: ${type}\n${docstring(`Sent in the ${where.join(", the ")}.`, "    ")}`;
    });
  const text = (name: string, type: string) => `class ${name}(TypedDict, total=False):
    """What $connect asks for."""

${body(type).join("")}${isSigned ? "    iam: SigV4\n" : ""}`;
  return `\n${text("SocketAuth", "Credential")}\n\n${text("AsyncSocketAuth", "AsyncCredential")}\n`;
}

function apiText(socket: PythonSocket, isDataclass: boolean): string {
  const { urls, keyPath, routes, events, credentials, messageBytes, frameBytes } = socket;
  const codecs = (entries: readonly (readonly [string, string])[], way: "decode" | "encode") =>
    dictText(
      entries.flatMap(([name, codec]) =>
        isDataclass && codec !== "c.RAW" ? [[pythonString(name), `${qualified(codec)}.${way}`] as const] : [],
      ),
    );
  const messages = codecs(
    routes.map(({ key, message }) => [key, message?.codec ?? "c.RAW"]),
    "encode",
  );
  const replies = codecs(
    routes.map(({ key, reply }) => [key, reply?.codec ?? "c.RAW"]),
    "decode",
  );
  const data = codecs(
    events.map(({ name, data }) => [name, data.codec]),
    "decode",
  );
  const correlated = routes.filter(({ isCorrelated }) => isCorrelated).map(({ key }) => pythonString(key));
  const auth = credentials.map(({ name, place, key, authorizer }) =>
    tupleText([...[name, place, key].map(pythonString), authorizer === undefined ? "None" : pythonString(authorizer)]),
  );
  const lines = [
    `stage=${pythonString(urls[0]?.stage ?? "")}`,
    `urls=${dictText(urls.map(({ stage, url }) => [pythonString(stage), pythonString(url)]))}`,
    `key_path=${keyPath === undefined ? "None" : tupleText(keyPath.map(pythonString))}`,
    `correlated=${tupleText(correlated)}`,
    `message_bytes=${messageBytes}`,
    `frame_bytes=${frameBytes}`,
    ...(auth.length > 0 ? [`auth=${tupleText(auth)}`] : []),
    ...(messages === "{}" ? [] : [`encode=${messages}`]),
    ...(replies === "{}" ? [] : [`replies=${replies}`]),
    ...(data === "{}" ? [] : [`events=${data}`]),
  ];
  return lines.map((line) => `    ${line},\n`).join("");
}

function classText(socket: PythonSocket, isAsync: boolean): string {
  const { description, urls, credentials, isSigned, hasAuth, routes, events } = socket;
  const name = isAsync ? "AsyncSocket" : "Socket";
  const prefix = isAsync ? "Async" : "";
  const stages = urls.map(({ stage }) => pythonString(stage));
  const stage = stages.length === 0 ? "None" : `Literal[${stages.join(", ")}] | None`;
  const given = [...new Map(credentials.map(({ name: key, argument }) => [key, argument]))].map(
    ([key, argument]) => `${pythonString(key)}: given.get(${pythonString(argument)})`,
  );
  const hook = isAsync ? `Callable[[${name}], Awaitable[object] | object]` : `Callable[[${name}], object]`;
  return `class ${name}(${events.length > 0 ? "_Listening, " : ""}${isAsync ? "AsyncSocketClient" : "SocketClient"}):
${docstring(description || "A connection that opens itself again.", "    ")}
    def __init__(
        self,
        *,
        url: str | None = None,
        stage: ${stage} = None,
${hasAuth ? `        auth: ${prefix}SocketAuth | None = None,\n` : ""}        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        protocols: Sequence[str] = (),
        on_reopen: ${hook} | None = None,
        reconnect: Reconnect | None = Reconnect(),
        heartbeat: float = 300.0,
        roll_over: float = 6600.0,
        timeout: float = 30.0,
        open_timeout: float = 10.0,
        queue_limit: int = 100,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """A connection to one stage, opened by \`open()\` or \`with\`. Times are seconds.

        \`auth\` is asked for again with each handshake. \`on_reopen\` subscribes again after a loss, before messages that have been
        waiting are sent. \`heartbeat\` is the pause between two pings, below the gateway's ten minutes, \`roll_over\` the age at
        which another connection takes over, below its two hours; 0: never. \`queue_limit\` messages may wait for the connection.
        """
${given.length > 0 || isSigned ? `        given: ${prefix}SocketAuth = auth or {}\n` : ""}        options = SocketOptions(
            url,
            stage,
            query or {},
            headers or {},
            protocols,
            {${given.join(", ")}},
            ${isSigned ? 'given.get("iam")' : "None"},
            reconnect,
            heartbeat,
            roll_over,
            timeout,
            open_timeout,
            queue_limit,
            ssl_context,
        )
        super().__init__(${isAsync ? "LiveSocket(" : ""}_API, options, lambda: on_reopen(self) if on_reopen else None${isAsync ? ")" : ""})

    ${isAsync ? "async " : ""}def __${isAsync ? "a" : ""}enter__(self) -> ${name}:
        ${isAsync ? "await " : ""}self.open()
        return self

    ${isAsync ? "async " : ""}def __${isAsync ? "a" : ""}exit__(self, *_: object) -> None:
        ${isAsync ? "await " : ""}self.close()
${sendText(routes, isAsync)}${requestText(
  routes.filter(({ reply }) => reply),
  isAsync,
)}${eventsText(events, isAsync)}`;
}

function literal(key: string): string {
  return `Literal[${pythonString(key)}]`;
}

/** Python wants at least two overloads; the one behind them takes all. */
function overloads(signatures: readonly string[], general: string): string {
  if (signatures.length === 1) return `\n    ${signatures[0]}:\n`;
  return `${signatures.map((signature) => `\n    @overload\n    ${signature}: ...\n`).join("")}\n    ${general}:\n`;
}

function messageText({ message, isOptional }: PythonSocketRoute): string {
  if (message === undefined) return "message: object = None";
  return isOptional ? `message: ${message.type} | None = None` : `message: ${message.type}`;
}

function sendText(routes: readonly PythonSocketRoute[], isAsync: boolean): string {
  if (routes.length === 0) return "";
  const start = `${isAsync ? "async " : ""}def send(self, `;
  const signatures = routes.map((route) => `${start}route: ${literal(route.key)}, ${messageText(route)}) -> None`);
  const call = isAsync ? "await self._live.send" : "self._send";
  return `${overloads(signatures, `${start}route: str, message: object = None) -> None`)}        """Sends a message; it waits where there is no connection. Raises SocketError."""
        ${call}(route, message)
`;
}

function requestText(routes: readonly PythonSocketRoute[], isAsync: boolean): string {
  if (routes.length === 0) return "";
  const start = `${isAsync ? "async " : ""}def request(self, `;
  const timeout = "*, timeout: float | None = None";
  const signatures = routes.map(
    (route) => `${start}route: ${literal(route.key)}, ${messageText(route)}, ${timeout}) -> ${route.reply?.type}`,
  );
  const call = isAsync ? "await self._live.request" : "self._request";
  const [only] = routes;
  const type = routes.length === 1 ? (only?.reply?.type ?? "object") : "object";
  const value = `${call}(route, message, timeout)`;
  return `${overloads(signatures, `${start}route: str, message: object = None, ${timeout}) -> object`)}        """Sends a message and waits for the reply, \`timeout\` seconds at most. Raises SocketError."""
        return ${type === "object" ? value : `cast(${pythonString(type)}, ${value})`}
`;
}

/** `on`, typed once for both kinds of clients. */
function listeningText(events: PythonSocket["events"]): string {
  if (events.length === 0) return "";
  const signatures = events.map(
    ({ name, data }) =>
      `def on(self, event: ${literal(name)}, listener: Callable[[${data.type}], object]) -> Callable[[], None]`,
  );
  return `
class _Listening(SocketListening):
    """Events of the server, in both kinds of clients."""
${overloads(signatures, "def on(self, event: str, listener: Callable[..., object]) -> Callable[[], None]")}        """Listens to an event of the server; a listener of the client that is awaited may be a coroutine function.

        What it returns ends that.
        """
        return self._on(event, listener)

`;
}

function eventsText(events: PythonSocket["events"], isAsync: boolean): string {
  if (events.length === 0) return "";
  const iterator = isAsync ? "AsyncIterator" : "Iterator";
  const limit = "*, limit: int = 10_000";
  const signatures = events.map(
    ({ name, data }) => `def events(self, event: ${literal(name)}, ${limit}) -> ${iterator}[${data.type}]`,
  );
  const [only] = events;
  const type = events.length === 1 ? (only?.data.type ?? "object") : "object";
  const value = "self._events(event, limit)";
  return `${overloads(signatures, `def events(self, event: str, ${limit}) -> ${iterator}[object]`)}        """Events one by one from now on, until the connection is closed for good.

        Raises SocketError when more than \`limit\` wait to be read.
        """
        return ${type === "object" ? value : `cast(${pythonString(`${iterator}[${type}]`)}, ${value})`}
`;
}
