type ApiFlavour = "rest" | "http" | "websocket";

/** Fields of the named formats, by the kind of API (developer guide, "Set up CloudWatch logging"). */
const fields: Readonly<Record<ApiFlavour, readonly (readonly [name: string, variable: string])[]>> = {
  rest: [
    ["requestId", "$context.requestId"],
    ["extendedRequestId", "$context.extendedRequestId"],
    ["ip", "$context.identity.sourceIp"],
    ["caller", "$context.identity.caller"],
    ["user", "$context.identity.user"],
    ["requestTime", "$context.requestTime"],
    ["httpMethod", "$context.httpMethod"],
    ["resourcePath", "$context.resourcePath"],
    ["status", "$context.status"],
    ["protocol", "$context.protocol"],
    ["responseLength", "$context.responseLength"],
  ],
  http: [
    ["requestId", "$context.requestId"],
    ["ip", "$context.identity.sourceIp"],
    ["requestTime", "$context.requestTime"],
    ["httpMethod", "$context.httpMethod"],
    ["routeKey", "$context.routeKey"],
    ["status", "$context.status"],
    ["protocol", "$context.protocol"],
    ["responseLength", "$context.responseLength"],
  ],
  websocket: [
    ["requestId", "$context.requestId"],
    ["ip", "$context.identity.sourceIp"],
    ["caller", "$context.identity.caller"],
    ["user", "$context.identity.user"],
    ["requestTime", "$context.requestTime"],
    ["eventType", "$context.eventType"],
    ["routeKey", "$context.routeKey"],
    ["status", "$context.status"],
    ["connectionId", "$context.connectionId"],
  ],
};

/** The format that AWS's console has under a name; any other text is a format itself. */
export function accessLogFormat(format: string, kind: ApiFlavour): string {
  const list = fields[kind];
  switch (format) {
    case "json":
      return `{ ${list.map(([name, variable]) => `"${name}":"${variable}"`).join(", ")} }`;
    case "xml":
      return `<request id="$context.requestId">${list
        .slice(1)
        .map(([name, variable]) => `<${name}>${variable}</${name}>`)
        .join("")}</request>`;
    case "csv":
      return [...list.slice(1), ...list.slice(0, 1)].map(([, variable]) => variable).join(",");
    case "clf":
      return kind === "rest"
        ? '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId'
        : '$context.identity.sourceIp - - [$context.requestTime] "$context.routeKey" $context.status $context.requestId';
    default:
      return format;
  }
}
