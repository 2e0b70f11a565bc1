import { cell } from "../sdk-shared/markdown.js";
import type { PythonPlan } from "./plan.js";
import type { PythonSocketRoute } from "./plan-socket.js";
import { pythonString } from "./python-text.js";
import { annotationSample, pythonValueOf, sampleImports } from "./sample.js";

/** What the README says of the WebSocket client; undefined: there is none. */
export function socketReadme(plan: PythonPlan): object | undefined {
  const { socket } = plan;
  if (socket === undefined) return undefined;
  return {
    code: socketCode(plan, socket),
    routes: socket.routes.map(({ key, reply }) => ({ key: cell(key), reply: reply ? "yes" : "" })),
    events: socket.events.map(({ name }) => `\`${cell(name)}\``).join(", "),
  };
}

function socketCode(plan: PythonPlan, socket: NonNullable<PythonPlan["socket"]>): string {
  const { routes, events } = socket;
  const asked = routes.find(({ reply }) => reply);
  const told = routes.find(({ reply }) => !reply);
  const [event] = events;
  return program(plan, socket, [
    ...(event ? [`socket.on(${pythonString(event.name)}, print)`] : []),
    ...(asked ? [sending(asked, plan)] : []),
    ...(told ? [sending(told, plan)] : []),
    ...(event ? [`for data in socket.events(${pythonString(event.name)}):`, "    print(data)"] : []),
  ]);
}

/** A program that connects and sends one message, or listens to one event. */
export function socketExample(plan: PythonPlan, shown: { readonly route?: string; readonly event?: string }): string {
  const { socket } = plan;
  const route = socket?.routes.find(({ key }) => key === shown.route);
  if (socket === undefined) return "";
  return program(plan, socket, [
    ...(route ? [sending(route, plan)] : []),
    ...(shown.event === undefined
      ? []
      : [`for data in socket.events(${pythonString(shown.event)}):`, "    print(data)"]),
  ]);
}

/** A message with the least that its route takes, and the reply where there is one. */
function sending(route: PythonSocketRoute, plan: PythonPlan): string {
  const message = route.sent && !route.isOptional ? `, ${messageSample(route, plan)}` : "";
  const given = `(${pythonString(route.key)}${message})`;
  return route.reply ? `reply = socket.request${given}` : `socket.send${given}`;
}

function program(
  plan: PythonPlan,
  { credentials, isSigned, urls }: NonNullable<PythonPlan["socket"]>,
  lines: readonly string[],
): string {
  const names = [...new Set(credentials.map(({ argument }) => argument))];
  const auth = [
    ...names.map((name) => `${pythonString(name)}: lambda _: session.${name}()`),
    ...(isSigned ? ['"iam": SigV4(region, credentials)'] : []),
  ];
  const options = [
    `stage=${pythonString(urls[0]?.stage ?? "")}`,
    ...(auth.length > 0 ? [`auth={${auth.join(", ")}}`] : []),
  ];
  const imports = plan.isDataclass ? [`from ${plan.module} import models`] : [];
  const code = [
    ...imports,
    ...(isSigned ? [`from ${plan.module} import SigV4`] : []),
    `from ${plan.module}.socket import Socket`,
    "",
    `with Socket(${options.join(", ")}) as socket:`,
    ...(lines.length > 0 ? lines : ["print(socket.state)"]).map((line) => `    ${line}`),
  ].join("\n");
  return `${sampleImports(code)}${code}`;
}

function messageSample({ sent, message }: PythonSocketRoute, plan: PythonPlan): string {
  if (plan.isDataclass) return annotationSample(message?.type ?? "object", plan.declarations);
  return sent ? pythonValueOf(sent, plan.models) : "None";
}
