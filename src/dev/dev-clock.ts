import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OffsetClock } from "../../runtime/clock.js";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const maxBodyBytes = 1000;

/**
 * The clock of `gateway dev --clock`, moved over a port of its own on the loopback interface: `POST /` with
 * `{"advance": "1d"}` or `{"at": "2026-01-01T00:00:00Z"}`; `GET /` tells the time.
 */
export class DevClock {
  readonly clock = new OffsetClock();
  readonly #server: Server;

  constructor(
    /** Told of each move; milliseconds ahead of the system's clock. */
    private readonly onMove: (offsetMs: number) => void,
  ) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = await this.#answer(request);
    const now = new Date(this.clock.now()).toISOString();
    const body = status.problem === undefined ? { now, aheadMs: this.clock.offsetMs } : { message: status.problem };
    response.writeHead(status.code, { "Content-Type": "application/json", Connection: "close" });
    response.end(`${JSON.stringify(body)}\n`);
  }

  async #answer(request: IncomingMessage): Promise<{ readonly code: number; readonly problem?: string }> {
    // A page in a browser must not move it: pages cannot leave Origin out, and a rebound name shows in Host.
    const isLocal = /^127\.0\.0\.1:\d+$/.test(request.headers.host ?? "") && request.headers.origin === undefined;
    if (!isLocal) return { code: 403, problem: "only for this machine" };
    if (request.method === "GET") return { code: 200 };
    if (request.method !== "POST") return { code: 405, problem: "GET or POST" };
    let text = "";
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > maxBodyBytes) return { code: 413, problem: "too large" };
    }
    const offsetMs = offsetOf(text, this.clock);
    if (offsetMs === undefined || offsetMs < this.clock.offsetMs) {
      return {
        code: 400,
        problem: '{"advance": "90s"} (ms, s, m, h, d) or {"at": "2026-01-01T00:00:00Z"}, forward only',
      };
    }
    this.clock.offsetMs = offsetMs;
    this.onMove(offsetMs);
    return { code: 200 };
  }
}

function offsetOf(text: string, clock: OffsetClock): number | undefined {
  let asked: { readonly advance?: unknown; readonly at?: unknown } | null;
  try {
    asked = JSON.parse(text) as typeof asked;
  } catch {
    return undefined;
  }
  if (typeof asked?.advance === "string") {
    const [, number, unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(asked.advance) ?? [];
    return number === undefined ? undefined : clock.offsetMs + Number(number) * (units[unit] ?? 1);
  }
  if (typeof asked?.at !== "string") return undefined;
  const at = Date.parse(asked.at);
  return Number.isFinite(at) ? clock.offsetMs + at - clock.now() : undefined;
}
