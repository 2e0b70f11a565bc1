import type { GoPlan } from "./plan.js";
import type { GoSocket, GoSocketEvent, GoSocketRoute } from "./plan-socket.js";
import { goMessage, qualified } from "./sample.js";

/** What the README says of the WebSocket client; undefined: there is none. */
export function socketReadme(plan: GoPlan): object | undefined {
  const { socket } = plan;
  if (socket === undefined) return undefined;
  const asking = socket.routes.filter(({ request }) => request !== undefined);
  const asked = asking.find(({ key }) => key !== "$default") ?? asking[0];
  const told = socket.routes.find(({ key }) => key !== asked?.key && key !== "$default") ?? asked ?? socket.routes[0];
  const [event] = socket.events;
  return {
    options: optionsOf(plan, socket),
    listen: event && listening(event, plan),
    send: told && `err = socket.${told.send}(ctx, ${goMessage(told.message, plan)})`,
    request: asked?.request && sending(asked, plan),
  };
}

/** A program that connects and sends one message, or listens to one event. */
export function socketExample(plan: GoPlan, shown: { readonly route?: string; readonly event?: string }): string {
  const { socket } = plan;
  const route = socket?.routes.find(({ key }) => key === shown.route);
  const event = socket?.events.find(({ name }) => name === shown.event);
  if (socket === undefined) return "";
  return [
    `import "${plan.module}"`,
    "",
    `socket := ${plan.package}.NewSocket(${optionsOf(plan, socket)})`,
    ...(event ? [listening(event, plan)] : []),
    "err := socket.Connect(ctx)",
    ...(route ? [sending(route, plan)] : []),
  ].join("\n");
}

function sending({ request, send, message }: GoSocketRoute, plan: GoPlan): string {
  const given = `(ctx, ${goMessage(message, plan)})`;
  return request ? `reply, err := socket.${request.name}${given}` : `err = socket.${send}${given}`;
}

function listening({ listen, data }: GoSocketEvent, plan: GoPlan): string {
  return `socket.${listen}(func(data ${qualified(data.type, plan)}) { fmt.Println(data) })`;
}

function optionsOf(plan: GoPlan, socket: GoSocket): string {
  const names = socket.credentials.map(({ name }) => name);
  const options = [
    ...(plan.stages[0] ? [`${plan.package}.WithSocketStage(${plan.package}.${plan.stages[0].name})`] : []),
    ...plan.credentials
      .filter(({ name }) => names.includes(name))
      .map(({ option }) => `${plan.package}.${option}(${plan.package}.Static(secret))`),
    ...(socket.isSigned ? [`${plan.package}.WithIAM(signer)`] : []),
  ];
  return options.join(", ");
}
