import type { StageRecord } from "../../deploy/stage-record.js";
import { Measures } from "../../observe/measures.js";
import type { ListedConnection } from "../../websocket/sockets.js";
import { metricsAnswer } from "../admin-answer.js";
import { type AdminAnswer, AdminProblem, type AdminRequest, jsonAnswer } from "../admin-message.js";
import { mostConnections, seriesStates, socketStates } from "../console/console-state.js";
import { RequestFeed } from "../request-feed.js";
import {
  type Answered,
  type Collected,
  type FleetQuestion,
  type FromAgent,
  isFleetMessage,
  receivedAnswer,
  sentRequest,
  type ToAgent,
  type Wrapped,
} from "./messages.js";

/** A serving process; `cluster.Worker` is such. */
export interface FleetWorker {
  send(message: Wrapped<ToAgent>, callback?: (error: Error | null) => void): unknown;
  isConnected(): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "exit" | "disconnect", listener: () => void): unknown;
}

interface Pending {
  readonly worker: FleetWorker;
  readonly resolve: (value: Answered | Collected | null) => void;
  readonly reject: (error: Error) => void;
}

/** Backends of a test may take 29 s. */
const answerMs = 40_000;
/** One that does not say what it has counted is left out this time. */
const collectMs = 1000;
const followMs = 10_000;

/**
 * What the admin port of several processes administers, in the primary one. One of them answers what all would answer alike;
 * counts, requests and connections are of all; what changes a stage or empties a cache reaches all before it is answered.
 */
export class AdminFleet {
  readonly measures = new Measures();
  readonly requests = new RequestFeed();
  /** Those that take new requests, oldest first. */
  readonly #serving = new Set<FleetWorker>();
  /** Those that are told what changes: they serve, or are about to. */
  readonly #told = new Set<FleetWorker>();
  /** Those that have been replaced, and live on for their WebSocket connections. */
  readonly #retired = new Set<FleetWorker>();
  readonly #pending = new Map<number, Pending>();
  /** Stages that no project keeps, as they were changed: a process that is started later is told. */
  readonly #records = new Map<string, StageRecord>();
  #lastId = 0;

  /** A process that has been started: what it counts is taken. */
  attach(worker: FleetWorker): void {
    worker.on("message", (message) => {
      if (isFleetMessage(message)) this.#onMessage(worker, message.gatewayAdmin);
    });
    const gone = () => this.#forget(worker);
    worker.once("exit", gone);
    worker.once("disconnect", gone);
  }

  /** It listens. */
  serves(worker: FleetWorker): void {
    if (worker.isConnected()) this.#serving.add(worker);
  }

  /** Another has taken its place. */
  retires(worker: FleetWorker): void {
    this.#told.delete(worker);
    if (this.#serving.delete(worker)) this.#retired.add(worker);
  }

  get serving(): number {
    return this.#serving.size;
  }

  /** @throws AdminProblem */
  async answer(request: AdminRequest): Promise<AdminAnswer> {
    if (request.path === "/metrics") {
      await this.#collect(0);
      return metricsAnswer(request, this.measures);
    }
    if (request.method === "GET" && request.path === "/console/state") return this.#consoleState(request);
    if (request.method === "DELETE" && /\/stages\/[^/]+\/cache\/(?:data|authorizers)\/?$/.test(request.path)) {
      return this.#answerOfAll(request);
    }
    const answer = await this.#answerOfOne(request);
    if (request.method !== "GET" && answer.status < 400) await this.#followAll();
    return answer;
  }

  /** What one process says of itself, with the counts, requests and connections of all. */
  async #consoleState(request: AdminRequest): Promise<AdminAnswer> {
    const since = Number(request.query.get("since") ?? 0) || 0;
    const [answer, collected] = await Promise.all([this.#answerOfOne(request), this.#collect(mostConnections)]);
    if (answer.status !== 200) return answer;
    const state = JSON.parse(Buffer.from(answer.body).toString("utf8")) as object;
    const { latest } = this.requests;
    return jsonAnswer({
      ...state,
      series: seriesStates(this.measures),
      sockets: socketStates(this.measures),
      latest,
      requests: this.requests.since(since > latest ? 0 : since),
      connections: collected.connections.slice(0, mostConnections),
      hasSockets: collected.hasSockets,
    });
  }

  async #answerOfOne(request: AdminRequest): Promise<AdminAnswer> {
    const [worker] = this.#serving;
    if (worker === undefined) throw new AdminProblem(503, "ServiceUnavailableException", "nothing is served yet");
    return this.#answerOf(worker, request);
  }

  async #answerOfAll(request: AdminRequest): Promise<AdminAnswer> {
    const answers = await Promise.all([...this.#serving].map((worker) => this.#answerOf(worker, request)));
    const [first] = answers;
    if (first === undefined) throw new AdminProblem(503, "ServiceUnavailableException", "nothing is served yet");
    return answers.find(({ status }) => status >= 400) ?? first;
  }

  async #answerOf(worker: FleetWorker, request: AdminRequest): Promise<AdminAnswer> {
    let answered: Answered;
    try {
      answered = (await this.#ask(worker, { kind: "answer", request: sentRequest(request) }, answerMs)) as Answered;
    } catch (error) {
      throw new AdminProblem(503, "ServiceUnavailableException", (error as Error).message);
    }
    for (const record of answered.records) this.#records.set(`${record.api}\n${record.stage}`, record);
    return receivedAnswer(answered.answer);
  }

  /** Each takes over what has changed; one that cannot has said so in its log. */
  async #followAll(): Promise<void> {
    await Promise.allSettled([...this.#told].map((worker) => this.#tellRecords(worker)));
  }

  #tellRecords(worker: FleetWorker): Promise<unknown> {
    return this.#ask(worker, { kind: "follow", records: [...this.#records.values()] }, followMs);
  }

  async #collect(most: number): Promise<Pick<Collected, "connections" | "hasSockets">> {
    const all = [...this.#serving, ...this.#retired];
    const asked = await Promise.allSettled(
      all.map((worker) => this.#ask(worker, { kind: "collect", mostConnections: most }, collectMs)),
    );
    const collected = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value as Collected] : []));
    const connections: ListedConnection[] = collected.flatMap((one) => one.connections);
    return { connections, hasSockets: collected.some(({ hasSockets }) => hasSockets) };
  }

  /** Rejects when the process is gone or does not answer in time. */
  #ask(worker: FleetWorker, question: FleetQuestion, timeoutMs: number): Promise<Answered | Collected | null> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = <T>(act: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          this.#pending.delete(id);
          act(value);
        };
      };
      const fail = settle(reject);
      const timer = setTimeout(() => fail(new Error("a serving process does not answer")), timeoutMs);
      this.#pending.set(id, { worker, resolve: settle(resolve), reject: fail });
      if (!worker.isConnected()) return fail(new Error("the serving process has ended"));
      worker.send({ gatewayAdmin: { id, question } }, (error) => {
        if (error !== null && error !== undefined) fail(error);
      });
    });
  }

  #onMessage(worker: FleetWorker, message: FromAgent): void {
    if (message.kind === "hello") {
      this.#told.add(worker);
      void this.#tellRecords(worker).catch(() => undefined);
      return;
    }
    // Counts that come too late for who asked are counts all the same.
    if (message.kind === "counted") this.#count(message.collected);
    else if (message.kind === "told") {
      if (isCollected(message.value)) this.#count(message.value);
      this.#pending.get(message.id)?.resolve(message.value);
    } else this.#pending.get(message.id)?.reject(new Error(message.problem));
  }

  #count({ measures, requests }: Collected): void {
    this.measures.merge(measures);
    for (const request of requests) this.requests.push(request);
  }

  #forget(worker: FleetWorker): void {
    this.#told.delete(worker);
    this.#serving.delete(worker);
    this.#retired.delete(worker);
    for (const { worker: asked, reject } of this.#pending.values()) {
      if (asked === worker) reject(new Error("the serving process has ended"));
    }
  }
}

function isCollected(value: Answered | Collected | null): value is Collected {
  return value !== null && "measures" in value;
}
