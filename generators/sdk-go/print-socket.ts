import { goDocs, goFunction, goMembers, goString, goStruct } from "./go-text.js";
import type { GoPlan } from "./plan.js";
import type { GoSocket, GoSocketEvent, GoSocketRoute } from "./plan-socket.js";
import { importText } from "./print-models.js";

/** `live.go`: messages, replies and events of this API. */
export function printSocket({ stages }: GoPlan, socket: GoSocket): string {
  const body = [
    descriptionText(socket, stages),
    ...socket.routes.flatMap((route) => [sendText(route), requestText(route)]),
    ...socket.events.flatMap((event) => [eventText(event), listenText(event)]),
  ]
    .filter((text) => text !== "")
    .join("\n");
  const uses = (pattern: RegExp) => pattern.test(body.replace(/"(?:[^"\\\n]|\\.)*"|\/\/.*/g, ""));
  const imports = [
    ["context", /\bcontext\.Context\b/],
    ["encoding/json", /\bjson\./],
    ["time", /\btime\.Time\b/],
  ] as const;
  return `${importText(imports.flatMap(([path, pattern]) => (uses(pattern) ? [path] : [])))}${body}`;
}

function descriptionText(socket: GoSocket, stages: GoPlan["stages"]): string {
  const urls = socket.urls.map(({ stage, url }) => {
    const name = stages.find((entry) => entry.stage === stage)?.name;
    return [name === undefined ? goString(stage) : `string(${name})`, goString(url)] as const;
  });
  const uses = socket.credentials.map(
    ({ name, place, key, authorizer }) =>
      `{${goString(name)}, ${place === "query"}, ${goString(key)}, ${goString(authorizer ?? "")}}`,
  );
  const events = socket.events.map(
    ({ name, type, data }) =>
      `\t\t${goString(name)}: func(raw json.RawMessage) (SocketEvent, error) {
			data, err := ${data.decoder}(raw)
			return ${type}{data}, err
		},\n`,
  );
  const members: readonly (readonly [string, string | undefined])[] = [
    ["stage", goString(socket.urls[0]?.stage ?? "")],
    ["urls", urls.length > 0 ? `map[string]string{\n${goMembers(urls, "\t\t")}\t}` : undefined],
    ["keyPath", socket.keyPath && `[]string{${socket.keyPath.map(goString).join(", ")}}`],
    ["messageBytes", String(socket.messageBytes)],
    ["frameBytes", String(socket.frameBytes)],
    ["auth", uses.length > 0 ? `[]credentialUse{${uses.join(", ")}}` : undefined],
    ["signed", socket.isSigned ? "true" : undefined],
    [
      "events",
      events.length > 0 ? `map[string]func(json.RawMessage) (SocketEvent, error){\n${events.join("")}\t}` : undefined,
    ],
  ];
  const there = members.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  const about =
    socket.description === undefined
      ? ""
      : `${goDocs("socketAPI", { says: "is what is known of the WebSocket API", text: socket.description })}`;
  return `${about}var socketAPI = socketDescription{\n${goMembers(there)}}\n`;
}

function sendText({ key, description, send, message }: GoSocketRoute): string {
  const says = `sends to the route ${key}, or waits with the message for a connection`;
  return `${goDocs(send, { says, text: description })}func (s *Socket) ${send}(ctx context.Context, message ${message}) error {
	return s.send(ctx, ${goString(key)}, message)
}
`;
}

function requestText({ key, description, request, message, isCorrelated }: GoSocketRoute): string {
  if (request === undefined) return "";
  const says = `sends to the route ${key} and waits for the reply`;
  return `${goDocs(request.name, { says, text: description })}func (s *Socket) ${request.name}(ctx context.Context, message ${message}) (${request.type}, error) {
	return replied(ctx, s, ${goString(key)}, message, ${isCorrelated}, ${request.decoder})
}
`;
}

function eventText({ name, description, type, data }: GoSocketEvent): string {
  return `${goDocs(type, { says: `is the event ${name}`, text: description })}type ${type} ${goStruct("Data", data.type)}

${goFunction(`func (${type}) isSocketEvent()`, "")}
`;
}

function listenText({ name, description, listen, type, data }: GoSocketEvent): string {
  const says = `listens to the event ${name}; what is returned ends it`;
  return `${goDocs(listen, { says, text: description })}func (s *Socket) ${listen}(listener func(${data.type})) (stop func()) {
	return s.onEvent(func(event SocketEvent) bool {
		found, ok := event.(${type})
		if ok {
			listener(found.Data)
		}
		return ok
	})
}
`;
}
