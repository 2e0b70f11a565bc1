import { connect } from "node:net";
import { createGateway } from "../../runtime/host/gateway.js";
import { lambdaProxy } from "../../runtime/integrations/lambda-proxy.js";
import type { LambdaModule } from "../../runtime/integrations/lambda-target.js";
import { type SelectionPart, selection } from "../../runtime/websocket/select-route.js";
import { parseSelection } from "../../src/mapping/expressions/index.js";
import type { AreaRunner, ConformanceCase } from "./case.js";
import { show, subsetProblem } from "./compare.js";
import { type SocketRouteInput, socketProgram } from "./socket-program.js";
import { ConformanceSocket } from "./websocket-client.js";

type Given = ConformanceCase["given"];

/** Each case against a gateway that listens, by a client over a real connection; expressions alone by themselves. */
export const run: AreaRunner = async ({ given, expect }) => {
  for (const [name, wanted] of Object.entries(expect)) {
    if (typeof wanted === "object" && wanted !== null) {
      const problem = subsetProblem(wanted, await wholeAnswer(given));
      if (problem !== undefined) return `${name}: ${problem}`;
      continue;
    }
    const got = await observe(name, given);
    if (got !== wanted) return `${name}: got ${show(got)}, wanted ${show(wanted)}`;
  }
  return undefined;
};

/** A frame, or the body of an answer of `@connections`, as JSON. */
async function wholeAnswer(given: Given): Promise<unknown> {
  return given["connections"] === undefined ? frameOf(given) : JSON.parse((await managed(given)).body || "null");
}

/** What the gateway does, under the name that the case gives it. */
async function observe(name: string, given: Given): Promise<unknown> {
  switch (name) {
    case "value":
      return select(given);
    case "routeKey":
      return chosenRoute(given);
    case "closeCode":
      return closeCode(given);
    case "handshakeStatus":
      return handshakeStatus(given);
    case "frameToClient":
      return given["connections"] === undefined ? replyOf(given) : (await managed(given)).frame;
    case "status":
      return (await managed(given)).status;
    case "error":
      return (await managed(given)).error;
    default:
      return ((await wholeAnswer(given)) as Record<string, unknown> | null)?.[name];
  }
}

function partsOf(expression: unknown): readonly SelectionPart[] {
  const parsed = parseSelection(String(expression));
  if (parsed.kind === "problem") throw new Error(parsed.problem);
  return parsed.selection.parts.map((part) =>
    typeof part === "string"
      ? part
      : {
          path: part.path.map((step) => (step.kind === "member" ? step.name : step.kind === "index" ? step.index : "")),
        },
  );
}

function select(given: Given): string {
  return selection(partsOf(given["routeSelectionExpression"]))(given["frame"]);
}

const textOf = (given: Given): string => (given["frameText"] as string) ?? JSON.stringify(given["frame"]);

/** The key of the route that the frame reaches; null when none takes it. */
async function chosenRoute(given: Given): Promise<unknown> {
  const tell: SocketRouteInput = { run: (x) => x.answer(200, [], `route ${x.route.key}`), replies: true };
  const keys = (given["routes"] as readonly string[]) ?? [];
  const routes = Object.fromEntries(
    keys.map((key) => [key, key === "$connect" || key === "$disconnect" ? accepting : tell]),
  );
  const expression = given["routeSelectionExpression"] ?? "$request.body.action";
  return withSocket({ routes, select: partsOf(expression) }, async (socket) => {
    socket.text(textOf(given));
    const text = await socket.nextText();
    return text?.startsWith("route ") ? text.slice(6) : (JSON.parse(text ?? "null") as { message?: string }).message;
  });
}

const accepting: SocketRouteInput = { run: (x) => x.answer(200, [], "") };

async function closeCode(given: Given): Promise<unknown> {
  return withSocket({ routes: { $default: accepting } }, (socket) => {
    const single = given["singleFrameBytes"] as number | undefined;
    const whole = given["frameBytes"] as number | undefined;
    if (given["frame"] === "<binary>") socket.binary(Buffer.from([1, 2, 3]));
    else if (single !== undefined) socket.text("x".repeat(single));
    else if (whole !== undefined) socket.fragments(whole, 32_768);
    else socket.text(textOf(given));
    return socket.closeCode();
  });
}

async function handshakeStatus(given: Given): Promise<unknown> {
  const $connect = lambdaRoute(given["connectIntegration"]);
  return withSocket({ routes: { $connect } }, async (socket) => socket.status);
}

async function replyOf(given: Given): Promise<unknown> {
  const key = (given["route"] as string | undefined) ?? "join";
  const route = {
    ...lambdaRoute(given["integrationResult"], given["integrationError"]),
    replies: given["routeResponse"] === true,
  };
  return withSocket({ routes: { [key]: route } }, async (socket) => {
    socket.text(JSON.stringify({ action: key }));
    return socket.nextTextOrNothing();
  });
}

/** The JSON frame that a message is answered with. */
async function frameOf(given: Given): Promise<unknown> {
  const routes: Record<string, SocketRouteInput> = {};
  const keys = (given["routes"] as readonly string[] | undefined) ?? (given["route"] ? [String(given["route"])] : []);
  for (const key of keys) {
    routes[key] = {
      ...lambdaRoute(given["integrationResult"], given["integrationError"]),
      replies: given["routeResponse"] === true,
    };
  }
  return withSocket({ routes }, async (socket) => {
    socket.text(
      given["frame"] === undefined && given["frameText"] === undefined
        ? JSON.stringify({ action: given["route"] })
        : textOf(given),
    );
    return JSON.parse((await socket.nextText()) ?? "null");
  });
}

function lambdaRoute(result: unknown, error?: unknown): SocketRouteInput {
  const handler = async () => {
    if (error !== undefined) throw new Error(String(error));
    return result;
  };
  const modules = new Map([["", async () => ({ handler }) as LambdaModule]]);
  return { run: lambdaProxy, entry: { lambda: { functionName: "f", payloadFormat: "1.0", modules } } };
}

interface Managed {
  readonly status: number;
  readonly error: string | null;
  readonly frame: string | null;
  readonly body: string;
}

/** A request to `@connections` about a connection that is open or closed. Signatures have tests of their own. */
async function managed(given: Given): Promise<Managed> {
  const { method, connection, body, bodyBytes } = given["connections"] as {
    readonly method: string;
    readonly connection?: string;
    readonly body?: string;
    readonly bodyBytes?: number;
  };
  const idOf: SocketRouteInput = {
    run: (x) => x.answer(200, [], x.socket?.connection.connectionId ?? ""),
    replies: true,
  };
  const program = socketProgram({ $default: idOf }, { authorize: asSigned });
  const gateway = createGateway({ program, environment: {} });
  const { port } = await gateway.listen();
  try {
    const socket = await ConformanceSocket.open(connect(port, "127.0.0.1"));
    socket.text("who am I");
    const id = (await socket.nextText()) ?? "";
    if (connection === "closed") {
      socket.end();
      while ((gateway.sockets?.size ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const answer = await gateway.inject({
      method,
      path: `/dev/@connections/${encodeURIComponent(connection === "unknown" ? "AAAAAAAAAAAAAAA=" : id)}`,
      ...(body !== undefined && { body }),
      ...(bodyBytes !== undefined && { body: "x".repeat(bodyBytes) }),
    });
    const frame = connection === "open" && method === "POST" ? await socket.nextTextOrNothing() : null;
    socket.end();
    const at = answer.headers.findIndex((name) => name.toLowerCase() === "x-amzn-errortype");
    return {
      status: answer.status,
      error: at === -1 ? null : (answer.headers[at + 1] ?? null),
      frame,
      body: answer.body.toString("utf8"),
    };
  } finally {
    await gateway.close({ drainMs: 50 });
  }
}

const asSigned: SocketRouteInput["run"] = (x) => {
  const identity = { accessKey: null, accountId: null, caller: null, user: null, userArn: null, principalOrgId: null };
  const cognito = {
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
  };
  x.caller = {
    authorizer: { kind: "iam" },
    cacheIdentity: "",
    identity: { ...identity, ...cognito },
    usageIdentifierKey: undefined,
  };
  return false;
};

interface SocketCase {
  readonly routes: Readonly<Record<string, SocketRouteInput>>;
  readonly select?: readonly SelectionPart[];
}

async function withSocket<T>(
  { routes, select: parts }: SocketCase,
  use: (socket: ConformanceSocket) => Promise<T>,
): Promise<T> {
  const gateway = createGateway({ program: socketProgram(routes, parts ? { select: parts } : {}), environment: {} });
  const { port } = await gateway.listen();
  const socket = await ConformanceSocket.open(connect(port, "127.0.0.1"));
  try {
    return await use(socket);
  } finally {
    socket.end();
    await gateway.close({ drainMs: 50 });
  }
}
