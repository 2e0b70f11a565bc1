import type { ApiKind } from "./gateway-model.js";

/** AWS's formats by the names that its console gives them (aws-behaviour.md section 30). */
export const accessLogFormats = ["clf", "json", "xml", "csv"] as const;
export type AccessLogFormat = (typeof accessLogFormats)[number];

/** The text of a named format: a template of `$context` variables. HTTP APIs log the route key, REST APIs the resource. */
export function accessLogFormat(name: AccessLogFormat, kind: ApiKind): string {
  const where = kind === "http" ? "routeKey" : "resourcePath";
  const id = kind === "http" ? [] : ["extendedRequestId"];
  const who = kind === "http" ? ["identity.sourceIp"] : ["identity.sourceIp", "identity.caller", "identity.user"];
  const fields = [
    ...who,
    "requestTime",
    "httpMethod",
    where,
    "protocol",
    "status",
    "responseLength",
    "requestId",
    ...id,
  ];
  if (name !== "clf") return listed(name, fields);
  return `${who.map(variable).join(" ")} [$context.requestTime]"$context.httpMethod $context.${where} $context.protocol" $context.status $context.responseLength $context.requestId${id.map((field) => ` ${variable(field)}`).join("")}`;
}

const socketFields =
  "identity.sourceIp identity.caller identity.user requestTime eventType routeKey status connectionId requestId".split(
    " ",
  );

/** The same of a WebSocket API: an event has a type, a route key and a connection where a request has method, path and protocol. */
export function socketAccessLogFormat(name: AccessLogFormat): string {
  if (name !== "clf") return listed(name, socketFields);
  return '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"$context.eventType $context.routeKey $context.connectionId" $context.status $context.requestId';
}

function listed(name: Exclude<AccessLogFormat, "clf">, fields: readonly string[]): string {
  switch (name) {
    case "json":
      return `{ ${fields.map((field) => `"${shortName(field)}":"${variable(field)}"`).join(", ")} }`;
    case "xml":
      return `<request id="$context.requestId">${fields
        .filter((field) => field !== "requestId")
        .map((field) => ` <${shortName(field)}>${variable(field)}</${shortName(field)}>`)
        .join("")} </request>`;
    case "csv":
      return fields.map(variable).join(",");
  }
}

function variable(name: string): string {
  return `$context.${name}`;
}

function shortName(field: string): string {
  if (field === "identity.sourceIp") return "ip";
  return field.startsWith("identity.") ? field.slice(9) : field;
}
