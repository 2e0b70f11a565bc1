import type { IncomingHttpHeaders } from "node:http";

/** A request to the admin port, its body read whole. */
export interface AdminRequest {
  readonly method: string;
  /** Path as received, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request that is refused, in the form that API Gateway's clients read. */
export class AdminProblem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export function notFound(message: string): AdminProblem {
  return new AdminProblem(404, "NotFoundException", message);
}

export function badRequest(message: string): AdminProblem {
  return new AdminProblem(400, "BadRequestException", message);
}

export function conflict(message: string): AdminProblem {
  return new AdminProblem(409, "ConflictException", message);
}

export function jsonAnswer(value: unknown, status = 200): AdminAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

export function emptyAnswer(status: number): AdminAnswer {
  return { status, headers: {}, body: "" };
}

/** What a failure is answered with; one that is no AdminProblem is a bug, or the world's. */
export function refusal(error: unknown): AdminAnswer {
  const { status, type, message } =
    error instanceof AdminProblem
      ? error
      : new AdminProblem(500, "InternalFailure", error instanceof Error ? error.message : String(error));
  const { headers, body } = jsonAnswer({ message });
  return { status, headers: { ...headers, "x-amzn-errortype": type }, body };
}

/** The body as a JSON object; an empty one is `{}`. @throws AdminProblem */
export function bodyObject({ body }: AdminRequest): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw badRequest("the body is not JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badRequest("the body is no JSON object");
}

/** A member that is a string where it is there. @throws AdminProblem */
export function textOf(object: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw badRequest(`"${name}" is a string`);
}
