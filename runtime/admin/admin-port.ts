import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkAccess, isLoopbackAddress } from "./access.js";
import { type AdminAnswer, AdminProblem, type AdminRequest, jsonAnswer, refusal } from "./admin-message.js";
import { consolePage } from "./console/page.js";

export interface AdminPortOptions {
  /** Answers whoever may ask. @throws AdminProblem */
  readonly answer: (request: AdminRequest) => AdminAnswer | Promise<AdminAnswer>;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Undefined: this machine alone may use it. */
  readonly token: string | undefined;
  readonly health: () => Health;
}

export interface Health {
  /** False while the gateway drains, or one of its processes is not listening. */
  readonly isReady: boolean;
  /** How many processes serve, and how many should; undefined: the one that answers. */
  readonly processes?: { readonly serving: number; readonly wanted: number } | undefined;
}

export interface AdminPort {
  readonly url: string;
  close(): Promise<void>;
}

/** The longest body that is read, bytes: what TestInvokeMethod may send. */
const maxBodyBytes = 10 * 1024 * 1024;

/**
 * Opens the admin port: health, metrics, API Gateway's control plane, console.
 *
 * @throws Error in words for people where it would be open to others without a token, or cannot be opened
 */
export async function openAdminPort(options: AdminPortOptions): Promise<AdminPort> {
  const { host, token, port } = options;
  if (token === undefined && !isLoopbackAddress(host)) {
    throw new Error(
      `the admin port on ${host} is open to others: set GATEWAY_ADMIN_TOKEN, or use --admin-host 127.0.0.1`,
    );
  }
  if (token !== undefined && token.length < 16) throw new Error("GATEWAY_ADMIN_TOKEN has fewer than 16 characters");
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 },
    (request, response) => {
      void answerTo(request, options).then(
        (answer) => send(response, answer),
        () => response.destroy(),
      );
    },
  );
  server.maxConnections = 200;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(inWords(error, options)));
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function inWords(error: NodeJS.ErrnoException, { port, host }: AdminPortOptions): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(`port ${port} is in use on ${host}: choose another with --admin-port`);
    case "EACCES":
      return new Error(`port ${port} may not be opened by this user: choose one above 1023 with --admin-port`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(`no such address on this machine: ${host}`);
    default:
      return error;
  }
}

async function answerTo(incoming: IncomingMessage, options: AdminPortOptions): Promise<AdminAnswer> {
  try {
    const { method = "GET", headers, url = "/" } = incoming;
    const [path = "/", query = ""] = url.split("?");
    if (path === "/health/live" || path === "/health/ready") return health(path, options);
    // The page itself holds nothing that is secret; what it asks for is answered to those who may.
    if (method === "GET" && path === "/") return consolePage();
    checkAccess(incoming, options.token);
    const body = await readBody(incoming);
    return await options.answer({ method, path, query: new URLSearchParams(query), headers, body });
  } catch (error) {
    return refusal(error);
  }
}

/** Probes need no token: they learn no more than this. */
function health(path: string, options: AdminPortOptions): AdminAnswer {
  const { isReady, processes } = options.health();
  const isGood = path === "/health/live" || isReady;
  return jsonAnswer({ status: isGood ? "ok" : "unavailable", ...(processes && { processes }) }, isGood ? 200 : 503);
}

function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
      else reject(new AdminProblem(413, "RequestTooLargeException", `a body may have ${maxBodyBytes} bytes`));
    });
    incoming.on("end", () => resolve(Buffer.concat(chunks)));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("the request was cut off")));
  });
}

function send(response: ServerResponse, { status, headers, body }: AdminAnswer): void {
  response.writeHead(status, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    ...headers,
    "content-length": Buffer.byteLength(body),
    ...(status === 413 && { connection: "close" }),
  });
  response.end(body);
}
