import type { JavaPlan } from "./plan.js";
import type { JavaSocket, JavaSocketEvent, JavaSocketRoute } from "./plan-socket.js";
import { javaMessage } from "./sample.js";

/** What the README says of the WebSocket client; undefined: there is none. */
export function socketReadme(plan: JavaPlan): object | undefined {
  const { socket } = plan;
  if (socket === undefined) return undefined;
  const asking = socket.routes.filter(({ request }) => request !== undefined);
  const asked = asking.find(({ key }) => key !== "$default") ?? asking[0];
  const told = socket.routes.find(({ key }) => key !== asked?.key && key !== "$default") ?? asked ?? socket.routes[0];
  const [event] = socket.events;
  return {
    client: socket.name,
    setters: settersOf(plan, socket),
    listen: event && listening(event),
    send: told && `socket.${told.send}(${javaMessage(told.message.type, plan)}).join();`,
    request: asked?.request && sending(asked, plan),
  };
}

/** A program that connects and sends one message, or listens to one event. */
export function socketExample(plan: JavaPlan, shown: { readonly route?: string; readonly event?: string }): string {
  const { socket } = plan;
  const route = socket?.routes.find(({ key }) => key === shown.route);
  const event = socket?.events.find(({ name }) => name === shown.event);
  if (socket === undefined) return "";
  return [
    `import ${plan.package}.*;`,
    "",
    `var socket = ${socket.name}.builder()${settersOf(plan, socket)}.build();`,
    ...(event ? [listening(event)] : []),
    "socket.connect().join();",
    ...(route ? [sending(route, plan)] : []),
  ].join("\n");
}

function sending({ request, send, message }: JavaSocketRoute, plan: JavaPlan): string {
  const given = `(${javaMessage(message.type, plan)}).join();`;
  return request ? `${request.reply.type} reply = socket.${request.name}${given}` : `socket.${send}${given}`;
}

function listening({ listen }: JavaSocketEvent): string {
  return `socket.${listen}(data -> System.out.println(data));`;
}

function settersOf(plan: JavaPlan, socket: JavaSocket): string {
  return [
    `.stage(${plan.client}.Stage.${plan.stages[0]?.name})`,
    ...socket.setters.map(({ setter }) => `.${setter}(Credential.of(secret))`),
    ...(socket.isSigned ? [".iam(signer)"] : []),
  ].join("");
}
