import { rollback } from "../../deploy/stage-actions.js";
import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  bodyObject,
  jsonAnswer,
  notFound,
  textOf,
} from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf } from "../control/served.js";
import { consoleState } from "./console-state.js";
import { signed, type TokenWish, tokenHeader } from "./credentials.js";
import { previewStage } from "./preview.js";

/** Answers a request of the console's page; undefined: it is none. */
export function consoleAnswer(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> | undefined {
  switch (`${request.method} ${request.path}`) {
    case "GET /console/state":
      return consoleState(target, Number(request.query.get("since") ?? 0) || 0).then((state) => jsonAnswer(state));
    case "POST /console/try":
      return tryRequest(target, request);
    case "POST /console/preview":
      return previewStage(target, request);
    case "POST /console/rollback":
      return rollbackStage(target, request);
    case "POST /console/send":
      return send(target, request);
    case "POST /console/disconnect":
      return disconnect(target, request);
    default:
      return undefined;
  }
}

/** One request by the gateway's own front door, with its trace; credentials that it names are put in here. */
async function tryRequest(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  const body = bodyObject(request);
  const {
    method = "GET",
    path = "/",
    host = "localhost",
  } = { method: textOf(body, "method"), path: textOf(body, "path"), host: textOf(body, "host") };
  if (!/^[A-Z]{1,16}$/.test(method)) throw badRequest(`no method: ${method}`);
  if (!/^\/[!-~]*$/.test(path)) throw badRequest("a path begins with / and is percent-encoded");
  const lines = (textOf(body, "headers") ?? "").split("\n").filter((line) => line.trim() !== "");
  const headers = lines.flatMap((line) => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n\0]*)$/.exec(line.trim()) ?? [];
    if (name === undefined) throw badRequest(`no header: ${line}`);
    return [name, value ?? ""];
  });
  const text = textOf(body, "body") ?? "";
  const authorizer = textOf(body, "authorizer");
  const token = authorizer ? tokenHeader(target, tokenWish(body, authorizer)) : [];
  const sent = { method, path, headers: ["Host", host, ...headers, ...token], body: text };
  const principal = textOf(body, "principal");
  return jsonAnswer(
    await gatewayOf(target).trace({
      method,
      path,
      headers: principal ? signed(target, sent, principal) : sent.headers,
      keyId: textOf(body, "keyId") || undefined,
      ...(text !== "" && { body: text }),
    }),
  );
}

function tokenWish(body: Readonly<Record<string, unknown>>, authorizer: string): TokenWish {
  const [stage = "", subject = "", scopes = ""] = ["stage", "subject", "scopes"].map((name) => textOf(body, name));
  return { authorizer, stage, subject, scopes };
}

async function rollbackStage(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  const body = bodyObject(request);
  const [api = "", stage = ""] = [textOf(body, "api"), textOf(body, "stage")];
  const at = new Date().toISOString();
  try {
    const record = await target.stages.update(api, stage, (before) => rollback(before, { at, to: textOf(body, "to") }));
    return jsonAnswer({ deployment: record.deployment });
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

function connectionOf(body: Readonly<Record<string, unknown>>) {
  return { connectionId: textOf(body, "id") ?? "", apiId: undefined, stage: undefined };
}

async function send(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  const body = bodyObject(request);
  const sent = await gatewayOf(target).sockets?.post(connectionOf(body), Buffer.from(textOf(body, "text") ?? ""));
  if (sent !== true) throw notFound("the connection is gone");
  return jsonAnswer({});
}

async function disconnect(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  const gone = await gatewayOf(target).sockets?.delete(connectionOf(bodyObject(request)));
  if (gone !== true) throw notFound("the connection is gone");
  return jsonAnswer({});
}
