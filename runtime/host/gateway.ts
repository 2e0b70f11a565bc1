import { randomBytes } from "node:crypto";
import process from "node:process";
import { Caches } from "../cache/caches.js";
import { type Clock, systemClock } from "../clock.js";
import { Gate } from "../http/gate.js";
import { type Serving, serve } from "../http/serve.js";
import { SourceIp } from "../http/source-ip.js";
import type { RouteTest, RouteTestResult } from "../http/test-route.js";
import type { OverloadReport } from "../http/wire/overload.js";
import { WireServer } from "../http/wire/wire-server.js";
import { JsonLinesLogger, type Logger } from "../observe/logger.js";
import { type Observer, observed, observedSockets } from "../observe/observer.js";
import { printLines } from "../observe/output.js";
import { headerTracer, keyHeader, secretTracer, type TracedRequest } from "../observe/trace.js";
import type { Program } from "../program.js";
import type { State } from "../state/state.js";
import type { Connections } from "../websocket/connections.js";
import type { Sockets } from "../websocket/sockets.js";
import { socketStageOf } from "../websocket/web-socket-program.js";
import { type AnsweredRequest, tellRequests } from "./answered-request.js";
import { stateOf } from "./choose-state.js";
import { type ConnectionsEndpoints, connectionsEndpoints, offerEndpoints, ownOrigin } from "./connections-endpoint.js";
import { Deployments, type StageDeployment } from "./deployments.js";
import { type CloseOptions, drain } from "./drain.js";
import type { GatewayOptions } from "./gateway-options.js";
import { type HostTable, type ServedApi, slotOfStage } from "./host-table.js";
import type { InjectedRequest, InjectedResponse } from "./inject.js";
import { defaultLimits, type Limits } from "./limits.js";
import { Listeners, type Listening } from "./listeners.js";
import type { IdSource, LiveProgram } from "./live-program.js";
import { LoadError } from "./load-error.js";
import type { Environment } from "./load-program.js";
import { RandomIds } from "./random-ids.js";
import { tlsSettings } from "./tls/tls-settings.js";

export type { AnsweredRequest, CloseOptions, GatewayOptions, Listening };

export interface Gateway {
  /** Starts to listen. @throws Node's error, such as EADDRINUSE */
  listen(): Promise<Listening>;
  /**
   * Serves another Program of the API on all its stages from the next request on; requests in flight finish on the old
   * one. @throws LoadError
   */
  swap(program: Program): void;
  /** Serves other deployments on these stages; all others stay as they are. @throws LoadError; nothing has changed then */
  deploy(deployments: readonly StageDeployment[]): void;
  /** Takes a stage out of service. @throws LoadError when it is the last one */
  undeploy(apiName: string, stage: string): void;
  /** Takes up certificates that have changed; they are looked at every two seconds anyway. */
  reloadCertificates(): void;
  /** Stops listening, lets requests in flight finish for so long, then cuts them. */
  close(options?: CloseOptions): Promise<void>;
  /** One request through the whole HTTP layer without a network; for tests. */
  inject(request: InjectedRequest): Promise<InjectedResponse>;
  /** Forgets the answers that a stage has cached, in all processes and nodes; false: it has no cache. */
  flushCache(apiName: string, stage: string): boolean;
  /** Forgets what authorizers have decided on a stage, in all processes and nodes; false: it is not served. */
  flushAuthorizers(apiName: string, stage: string): boolean;
  /** One request as `inject` sends it, with all its steps, as if sent with an API key by its id; an answer without steps where it did not reach a stage. */
  trace(request: InjectedRequest & { readonly keyId?: string | undefined }): Promise<TracedRequest>;
  /** Tries a route of an API, or its authorizer, beside what is served. @throws LoadError */
  test(apiName: string, find: (program: Program) => RouteTest): Promise<RouteTestResult>;
  /** Open connections. */
  connections(): Promise<number>;
  /** A Program that is served; with several deployments, one of them. */
  readonly live: LiveProgram;
  /** Counts, keys, usage, messages: what requests, processes and nodes share. */
  readonly state: State;
  /** What is served, by API and stage. */
  readonly apis: readonly ServedApi[];
  /** WebSocket connections of this host; undefined when no build that was served has had a WebSocket API. */
  readonly sockets: Sockets | undefined;
}

/** @throws LoadError when the Program cannot be served in this environment */
export function createGateway(options: GatewayOptions): Gateway {
  return new NodeGateway(options);
}

class NodeGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #logger: Logger;
  readonly #state: State;
  readonly #caches: Caches;
  readonly #server: WireServer;
  readonly #listeners: Listeners;
  readonly #environment: Environment;
  #isClosing = false;
  /** Undefined until it listens. */
  #origin: string | undefined = undefined;
  #withdrawEndpoints: (() => void) | undefined = undefined;
  #traceSecret = "";
  /** Told of each answered request and of each event of a WebSocket API. */
  readonly #observers: readonly Observer[];
  readonly #deployments: Deployments;
  readonly #serving: Serving;
  /** Opened by the first build that has a WebSocket API, and kept for all that come after. */
  #sockets: Sockets | undefined = undefined;
  readonly #connections: Connections = {
    post: (target, text) => this.#sockets?.post(target, text) ?? false,
    get: (target) => this.#sockets?.get(target),
    delete: (target) => this.#sockets?.delete(target) ?? false,
  };

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#ids = options.ids ?? new RandomIds();
    this.#logger = options.logger ?? new JsonLinesLogger(printLines, () => this.#clock.now());
    this.#environment = options.environment ?? process.env;
    const programs = [options.program, ...(options.deployments ?? []).map(({ program }) => program)];
    this.#state =
      options.state ??
      stateOf(
        programs.filter((program) => program !== undefined),
        { environment: this.#environment, clock: this.#clock, logger: this.#logger },
      );
    this.#caches = new Caches({
      state: this.#state,
      onAuthorizersFlushed: (apiName, stage) => void this.#forgetDecisions(apiName, stage),
    });
    this.#deployments = new Deployments(
      {
        environment: this.#environment,
        clock: this.#clock,
        ids: this.#ids,
        limits: this.#limits,
        logger: this.#logger,
        principals: options.principals,
        vpc: options.vpc,
        vpcEndpoint: options.vpcEndpoint,
        state: this.#state,
        connections: this.#connections,
        caches: this.#caches,
        sampler: options.sampler,
      },
      (table) => this.#adopt(table),
    );
    try {
      if (options.program) this.#deployments.setProgram(options.program, options.stages, options.folder);
      if (options.deployments) this.#deployments.setStages(options.deployments);
    } catch (error) {
      this.#caches.close();
      void this.#state.close();
      throw error;
    }
    const { onRequest } = options;
    this.#observers = [...(options.observers ?? []), ...(onRequest ? [tellRequests(onRequest, this.#clock)] : [])];
    this.#serving = {
      table: this.#deployments.table,
      gate: new Gate(this.#limits),
      sourceIp: new SourceIp(options.trustedProxies ?? []),
      tracer: options.trace === true ? headerTracer : undefined,
      onAnswered: observed(this.#observers, (error) => this.#logFault("a request could not be observed", error)),
      isClosing: false,
      tlsPort: options.tlsPort,
    };
    this.#server = new WireServer({
      limits: this.#limits,
      now: () => this.#clock.now(),
      onRequest: (request) => serve(this.#serving, request),
      onFault: (error) => this.#logFault("a request could not be served", error),
      onOverload: this.#overloadReport(),
    });
    this.#listeners = new Listeners(this.#server);
    this.#openSockets();
  }

  /** Two lines of the log an overload, however many are refused. */
  #overloadReport(): OverloadReport {
    const logger = this.#logger;
    return {
      begins: () => logger.write({ level: "error", message: "overload: some requests are refused with 503" }),
      refuses: () => {
        for (const observer of this.#observers) observer.refused?.();
      },
      ends: (refused, seconds) => {
        const detail = `${refused} requests were refused in ${seconds.toFixed(1)} s`;
        logger.write({ level: "error", message: "overload is over", detail });
      },
    };
  }

  #logFault(message: string, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#logger.write({ level: "error", message, detail });
  }

  get state(): State {
    return this.#state;
  }

  get live(): LiveProgram {
    return this.#serving.table.front.fallback;
  }

  get apis(): readonly ServedApi[] {
    return this.#deployments.apis;
  }

  /** For front ends that bring their own connections: `server.emit("connection", socket)`. */
  get server(): WireServer {
    return this.#server;
  }

  get sockets(): Sockets | undefined {
    return this.#sockets;
  }

  async listen(): Promise<Listening> {
    await this.#state.ready();
    const host = this.#options.host ?? "127.0.0.1";
    const tlsPort = await this.#listenSecurely(host);
    const port = await this.#listeners.openPlain(this.#options.port ?? 0, host);
    this.#origin = ownOrigin(host, port);
    const [connectionsEndpoint, ...others] = this.#offerEndpoints().values();
    return {
      ...{ port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, tlsPort },
      connectionsEndpoint: others.length === 0 ? connectionsEndpoint : undefined,
    };
  }

  /** Handlers learn where `@connections` of the stages of now is. */
  #offerEndpoints(): ConnectionsEndpoints {
    this.#withdrawEndpoints?.();
    const endpoints =
      this.#origin === undefined ? new Map<string, string>() : connectionsEndpoints(this.apis, this.#origin);
    this.#withdrawEndpoints = endpoints.size === 0 ? undefined : offerEndpoints(endpoints);
    return endpoints;
  }

  async #listenSecurely(host: string): Promise<number | undefined> {
    const { tlsPort, tlsFront } = this.#options;
    if (tlsPort === undefined) return undefined;
    const programs = this.#deployments.apis.flatMap(({ slots }) => slots.map(({ live }) => live.program.program));
    const Front = tlsFront ?? programs.find(({ domains }) => domains !== undefined)?.domains?.front;
    if (Front === undefined) throw new LoadError("no domain is declared that TLS could be served for");
    const front = new Front({
      limits: this.#limits,
      logger: this.#logger,
      clock: this.#clock,
      onConnection: (socket) => this.#server.emit("connection", socket),
    });
    const domains = tlsSettings(this.#deployments.table.domains, this.#environment);
    const port = await this.#listeners.openSecure(front, domains, { port: tlsPort, host });
    this.#serving.tlsPort = port;
    return port;
  }

  reloadCertificates(): void {
    this.#listeners.reloadCertificates();
  }

  swap(program: Program): void {
    this.#deployments.setProgram(program, this.#options.stages, this.#options.folder);
  }

  deploy(deployments: readonly StageDeployment[]): void {
    this.#deployments.setStages(deployments);
  }

  undeploy(apiName: string, stage: string): void {
    this.#deployments.removeStage(apiName, stage);
  }

  flushCache(apiName: string, stage: string): boolean {
    const api = this.apis.find(({ name }) => name === apiName);
    return api !== undefined && this.#caches.flush(api.apiId, stage);
  }

  #adopt(table: HostTable): void {
    // Undefined while the constructor deploys for the first time.
    if (this.#serving === undefined) return;
    this.#listeners.setDomains(() => tlsSettings(table.domains, this.#environment));
    this.#serving.table = table;
    this.#openSockets();
    this.#sockets?.stagesChanged();
    this.#offerEndpoints();
  }

  #openSockets(): void {
    if (this.#sockets !== undefined) return;
    const programs = this.#deployments.apis.flatMap(({ slots }) => slots.map(({ live }) => live.program.program));
    const websocket = programs.find((program) => program.websocket)?.websocket;
    if (websocket === undefined) return;
    const { engine, limits } = websocket;
    const sockets = engine.open({
      messageBytes: limits.messageBytes,
      clock: this.#clock,
      limits: this.#limits,
      logger: this.#logger,
      state: this.#state,
      observer: observedSockets(this.#observers, (error) => this.#logFault("an event could not be observed", error)),
      stageOf: (apiName, stage) => {
        const slot = slotOfStage(this.apis, apiName, stage);
        return slot && socketStageOf(slot.live);
      },
    });
    this.#sockets = sockets;
    this.#server.maxConnections = this.#limits.maxConnections + this.#limits.maxWebSockets;
    this.#server.upgrades = (head, socket, rest) => {
      const serving = this.#isClosing ? { ...this.#serving, isClosing: true } : this.#serving;
      return engine.upgrade(serving, sockets, head, socket, rest);
    };
  }

  async close(options: CloseOptions = {}): Promise<void> {
    this.#isClosing = true;
    await drain(
      {
        listeners: this.#listeners,
        sockets: () => this.#sockets,
        tellLastAnswers: () => this.#tellClosing(),
        closeBackends: () => {
          this.#caches.close();
          return this.#deployments.close();
        },
      },
      options,
    );
    this.#withdrawEndpoints?.();
    // The last events of connections are observed too.
    await Promise.allSettled((this.#options.observers ?? []).map((observer) => observer.close()));
    await Promise.allSettled([this.#state.close()]);
  }

  /** From now on answers are the last ones of their connections. */
  #tellClosing(): void {
    this.#serving.isClosing = true;
    this.#server.isClosing = true;
  }

  flushAuthorizers(apiName: string, stage: string): boolean {
    if (!this.#forgetDecisions(apiName, stage)) return false;
    this.#caches.tellAuthorizersFlushed(apiName, stage);
    return true;
  }

  #forgetDecisions(apiName: string, stage: string): boolean {
    const slot = this.apis.find(({ name }) => name === apiName)?.slots.find(({ live }) => live.name === stage);
    if (slot === undefined) return false;
    for (const live of [slot.live, slot.canary?.live]) live?.program.authorizers.forget(live.index);
    return true;
  }

  async trace({
    keyId,
    ...request
  }: InjectedRequest & { readonly keyId?: string | undefined }): Promise<TracedRequest> {
    if (this.#traceSecret === "") {
      this.#traceSecret = randomBytes(24).toString("base64url");
      this.#serving.tracer = secretTracer(this.#traceSecret, this.#serving.tracer);
    }
    const key = keyId === undefined ? [] : [keyHeader, keyId];
    const headers = [...(request.headers ?? []), "x-gateway-trace", this.#traceSecret, ...key];
    return tracedRequest(await this.inject({ ...request, headers }));
  }

  test(apiName: string, find: (program: Program) => RouteTest): Promise<RouteTestResult> {
    return this.#deployments.test(apiName, find);
  }

  async inject(request: InjectedRequest): Promise<InjectedResponse> {
    const { inject } = await import("./inject.js");
    return inject(this.#server, request);
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }
}

/** The trace that an answer is; one that did not come so far is an answer and no more. */
function tracedRequest({ status, headers, body }: InjectedResponse): TracedRequest {
  const text = body.toString("utf8");
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""] as const] : []));
  if (status === 200 && text.startsWith('{\n  "requestId"')) return JSON.parse(text) as TracedRequest;
  return { requestId: "", latencyMs: 0, log: [], steps: [], answer: { status, headers: pairs, body: text } };
}
