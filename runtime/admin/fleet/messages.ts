import type { IncomingHttpHeaders } from "node:http";
import type { StageRecord } from "../../deploy/stage-record.js";
import type { MeasuresDelta } from "../../observe/measures.js";
import type { ListedConnection } from "../../websocket/sockets.js";
import type { AdminAnswer, AdminRequest } from "../admin-message.js";
import type { FedRequest } from "../request-feed.js";

/** What the process with the admin port asks of those that serve. */
export type FleetQuestion =
  /** What it would answer by itself. */
  | { readonly kind: "answer"; readonly request: SentRequest }
  /** What it has counted since it last told. */
  | { readonly kind: "collect"; readonly mostConnections: number }
  /** To look at the pointers of its projects now, and to take over stages that no project keeps. */
  | { readonly kind: "follow"; readonly records: readonly StageRecord[] };

export interface Collected {
  readonly measures: MeasuresDelta;
  readonly requests: readonly FedRequest[];
  readonly connections: readonly ListedConnection[];
  readonly hasSockets: boolean;
}

/** The answer, and the records of stages that answering it has changed in this process alone. */
export interface Answered {
  readonly answer: SentAnswer;
  readonly records: readonly StageRecord[];
}

export type ToAgent = { readonly id: number; readonly question: FleetQuestion };

export type FromAgent =
  /** It is about to listen, and wants to know what has changed. */
  | { readonly kind: "hello" }
  | { readonly kind: "told"; readonly id: number; readonly value: Answered | Collected | null }
  | { readonly kind: "failed"; readonly id: number; readonly problem: string }
  /** From time to time, unasked, so that what a process that dies has counted is not lost with it. */
  | { readonly kind: "counted"; readonly collected: Collected };

/** Every message is wrapped, so that others on the same channel are told apart. */
export interface Wrapped<Message> {
  readonly gatewayAdmin: Message;
}

export function isFleetMessage(message: unknown): message is Wrapped<never> {
  return typeof message === "object" && message !== null && "gatewayAdmin" in message;
}

/** Requests and answers as the channel carries them: JSON, bytes as base64. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function sentRequest({ method, path, query, headers, body }: AdminRequest): SentRequest {
  return { method, path, query: query.toString(), headers, body: body.toString("base64") };
}

export function receivedRequest({ query, body, ...rest }: SentRequest): AdminRequest {
  return { ...rest, query: new URLSearchParams(query), body: Buffer.from(body, "base64") };
}

export function sentAnswer({ status, headers, body }: AdminAnswer): SentAnswer {
  return { status, headers, body: Buffer.from(body).toString("base64") };
}

export function receivedAnswer({ body, ...rest }: SentAnswer): AdminAnswer {
  return { ...rest, body: Buffer.from(body, "base64") };
}
