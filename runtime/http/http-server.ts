import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Limits } from "../host/limits.js";
import { isClosing } from "./close-gently.js";
import { FrugalMessage } from "./frugal-message.js";
import type { RefusalKind } from "./refusals.js";
import { refuseRaw } from "./refuse.js";

export type OnRequest = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => void;
export type OnRefused = (request: IncomingMessage, response: ServerResponse, kind: RefusalKind) => void;

/** Node's server, set up strictly: every time and size has a limit, and no fault of a client goes unanswered. */
export function strictServer(limits: Limits, onRequest: OnRequest, onRefused: OnRefused): Server {
  const server = createServer({
    IncomingMessage: FrugalMessage,
    insecureHTTPParser: false,
    // The gate looks at Host itself; Node would build its header object for it.
    requireHostHeader: false,
    // Room for the URL, the values and the names, so that the gate counts and answers, not the parser.
    maxHeaderSize: limits.maxUrlBytes + 4 * limits.maxHeaderValueBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(5000, limits.headersTimeoutMs / 4)),
    noDelay: true,
  });
  // Node would keep the first thousand fields and drop the rest in silence.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.maxConnections;
  server.on("request", (request, response) => onRequest(request, response, false));
  server.on("checkContinue", (request, response) => onRequest(request, response, true));
  server.on("checkExpectation", (request, response) => onRefused(request, response, "expectation"));
  server.on("connect", (_request, socket: ServedSocket) => {
    // Written now, the refusal would pass for the answer to an earlier request that is still at work.
    if (socket._httpMessage != null) socket.destroy();
    else refuseRaw(socket, "method");
  });
  server.on("clientError", onClientError);
  return server;
}

const kindByCode: Readonly<Record<string, RefusalKind>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "timeout",
  HPE_HEADER_OVERFLOW: "headers",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "body",
};

/** Node's `ServerResponse` that the connection is waiting for; null when nothing is outstanding. */
interface ServedSocket extends Duplex {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * The parser refused bytes. An answer is written only where the client cannot take it for the answer to an earlier
 * request: when none is outstanding, or when the outstanding one is the very request whose body is broken.
 */
function onClientError(error: NodeJS.ErrnoException, socket: ServedSocket): void {
  // What still comes on a connection that is being closed is no request: it is read and dropped until the time is up.
  if (isClosing(socket) && error.code !== "ERR_HTTP_REQUEST_TIMEOUT") return;
  const pending = socket._httpMessage;
  const isForPending = pending != null && !pending.headersSent && !pending.req.complete;
  if (error.code === "ECONNRESET" || !socket.writable || (pending != null && !isForPending)) {
    socket.destroy();
    return;
  }
  refuseRaw(socket, kindByCode[error.code ?? ""] ?? "malformed");
}
