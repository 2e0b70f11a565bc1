import { propertyName, stringLiteral } from "../emit/code-literal.js";
import { cell } from "../sdk-shared/markdown.js";
import { credentialUses } from "../sdk-shared/plan.js";
import type { SocketRoutePlan } from "../sdk-shared/socket.js";
import { valueText } from "./call-text.js";
import type { SdkPlan } from "./plan.js";

/** What the README says of the WebSocket client; undefined: there is none. */
export function socketReadme(plan: SdkPlan): object | undefined {
  const { socket } = plan;
  if (socket === undefined) return undefined;
  return {
    code: socketCode(plan, socket),
    routes: socket.routes.map(({ key, reply }) => ({ key: cell(key), reply: reply ? "yes" : "" })),
    events: socket.events.map(({ name }) => `\`${cell(name)}\``).join(", "),
  };
}

function socketCode(plan: SdkPlan, socket: NonNullable<SdkPlan["socket"]>): string {
  const { routes, events } = socket;
  const asked = routes.find(({ reply }) => reply);
  const told = routes.find(({ reply }) => !reply);
  const [event] = events;
  return [
    ...opening(plan, socket),
    ...(event ? [`socket.on(${stringLiteral(event.name)}, (data) => console.log(data));`] : []),
    ...(asked ? [sending(asked, plan)] : []),
    ...(told ? [sending(told, plan)] : []),
    ...(event ? [`for await (const data of socket.events(${stringLiteral(event.name)})) console.log(data);`] : []),
  ].join("\n");
}

/** A program that connects and sends one message, or listens to one event. */
export function socketExample(plan: SdkPlan, shown: { readonly route?: string; readonly event?: string }): string {
  const { socket } = plan;
  const route = socket?.routes.find(({ key }) => key === shown.route);
  if (socket === undefined) return "";
  return [
    ...opening(plan, socket),
    ...(route ? [sending(route, plan)] : []),
    ...(shown.event === undefined ? [] : [`socket.on(${stringLiteral(shown.event)}, (data) => console.log(data));`]),
  ].join("\n");
}

/** A message with the least that its route takes, and the reply where there is one. */
function sending({ key, sent, isOptional, reply }: SocketRoutePlan, plan: SdkPlan): string {
  const message = sent && !isOptional ? `, ${valueText(sent, plan)}` : "";
  const given = `(${stringLiteral(key)}${message})`;
  return reply ? `const reply = await socket.request${given};` : `socket.send${given};`;
}

function opening({ packageName }: SdkPlan, socket: NonNullable<SdkPlan["socket"]>): readonly string[] {
  const { credentials, isSigned, urls } = socket;
  const auth = [
    ...credentialUses([{ credentials }]).map(({ name }) => `${propertyName(name)}: () => session.${name}()`),
    ...(isSigned ? ["iam: sigv4Url({ region, credentials })"] : []),
  ];
  const options = [
    `stage: ${stringLiteral(urls[0]?.stage ?? "")}`,
    ...(auth.length > 0 ? [`auth: { ${auth.join(", ")} }`] : []),
  ];
  return [
    `import { connect } from ${stringLiteral(`${packageName}/socket`)};`,
    ...(isSigned ? [`import { sigv4Url } from ${stringLiteral(packageName)};`] : []),
    "",
    `const socket = connect({ ${options.join(", ")} });`,
  ];
}
