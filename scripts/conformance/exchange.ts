import { Readable } from "node:stream";
import { Caches } from "../../runtime/cache/caches.js";
import { systemClock } from "../../runtime/clock.js";
import { defaultLimits } from "../../runtime/host/limits.js";
import { loadProgram } from "../../runtime/host/load-program.js";
import { RandomIds } from "../../runtime/host/random-ids.js";
import { Exchange, type Transport } from "../../runtime/http/exchange.js";
import type { Program } from "../../runtime/program.js";
import { EmbeddedState } from "../../runtime/state/embedded-state.js";

export interface ExchangeInput {
  readonly program: Program;
  readonly method?: string;
  /** Below the stage. */
  readonly path?: string;
  readonly query?: string;
  readonly headers?: readonly string[];
  readonly body?: Buffer;
  readonly pathValues?: readonly string[];
  readonly sourceIp?: string;
}

/**
 * An exchange on the first stage and route of a Program, without a connection: for cases whose headers no client could
 * send through Node's parser.
 */
export function exchangeOf(input: ExchangeInput): Exchange {
  const state = new EmbeddedState(systemClock);
  const live = loadProgram(input.program, {
    caches: new Caches({ state, onAuthorizersFlushed: () => undefined }),
    environment: {},
    clock: systemClock,
    ids: new RandomIds(),
    limits: defaultLimits,
    logger: { write: () => undefined },
    state,
  });
  const [stage] = live.stages.values();
  const [route] = input.program.routes;
  if (!stage || !route) throw new Error("the program has no stage or route");
  const path = input.path ?? "/";
  const rawPath = stage.name === "$default" ? path : `/${stage.name}${path}`;
  const headers = input.headers ?? [];
  const { method = "GET", query = "" } = input;
  const now = systemClock.now();
  const x = new Exchange(live, method, rawPath, path, query, headers, input.sourceIp ?? "127.0.0.1", now, noTransport);
  x.stage = stage;
  x.route = route;
  x.pathValues = input.pathValues ?? [];
  x.body = input.body ?? Buffer.alloc(0);
  return x;
}

const noTransport: Transport = {
  hasBody: false,
  isClientGone: false,
  responseBytes: 0,
  readBody: async () => Buffer.alloc(0),
  requestStream: Readable.from([]),
  startResponse: () => {
    throw new Error("no connection to stream to");
  },
  signal: new AbortController().signal,
  onClientGone: () => undefined,
};
