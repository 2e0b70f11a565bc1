import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { prometheusText } from "../observe/prometheus.js";
import { checkAccess, isLoopbackAddress } from "./access.js";
import { type AdminAnswer, AdminProblem, type AdminRequest, jsonAnswer } from "./admin-message.js";
import type { AdminTarget } from "./admin-target.js";
import { consoleAnswer } from "./console/console-answer.js";
import { consolePage } from "./console/page.js";
import { controlPlane } from "./control/operations.js";

export interface AdminPortOptions {
  readonly target: AdminTarget;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Undefined: this machine alone may use it. */
  readonly token: string | undefined;
  /** False while the gateway drains or is not listening yet. */
  readonly isReady: () => boolean;
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
 * @throws Error in words for people where it would be open to others without a token; Node's error, such as EADDRINUSE
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
    server.once("error", reject);
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

async function answerTo(incoming: IncomingMessage, options: AdminPortOptions): Promise<AdminAnswer> {
  try {
    const { method = "GET", headers, url = "/" } = incoming;
    const [path = "/", query = ""] = url.split("?");
    if (path === "/health/live" || path === "/health/ready") return health(path, options);
    // The page itself holds nothing that is secret; what it asks for is answered to those who may.
    if (method === "GET" && path === "/") return consolePage();
    checkAccess(incoming, options.token);
    const body = await readBody(incoming);
    return await answerOf({ method, path, query: new URLSearchParams(query), headers, body }, options.target);
  } catch (error) {
    if (error instanceof AdminProblem) return refusal(error);
    return refusal(new AdminProblem(500, "InternalFailure", error instanceof Error ? error.message : String(error)));
  }
}

/** Probes need no token: they learn one bit. */
function health(path: string, { isReady }: AdminPortOptions): AdminAnswer {
  const isGood = path === "/health/live" || isReady();
  return jsonAnswer({ status: isGood ? "ok" : "unavailable" }, isGood ? 200 : 503);
}

function answerOf(request: AdminRequest, target: AdminTarget): AdminAnswer | Promise<AdminAnswer> {
  if (request.path === "/metrics") return metrics(request, target);
  return consoleAnswer(target, request) ?? controlPlane(target, request);
}

function metrics({ method }: AdminRequest, { measures }: AdminTarget): AdminAnswer {
  if (method !== "GET") throw new AdminProblem(405, "MethodNotAllowed", "metrics are read with GET");
  if (measures === undefined) throw new AdminProblem(404, "NotFoundException", "nothing is measured");
  return {
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    body: prometheusText(measures),
  };
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

function refusal({ status, type, message }: AdminProblem): AdminAnswer {
  const { headers, body } = jsonAnswer({ message });
  return { status, headers: { ...headers, "x-amzn-errortype": type }, body };
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
