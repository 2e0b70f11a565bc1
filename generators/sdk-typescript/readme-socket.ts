import { printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import { sampleValue } from "../emit/sample.js";
import { cell } from "../sdk-shared/markdown.js";
import { credentialUses } from "../sdk-shared/plan.js";
import type { SocketRoutePlan } from "../sdk-shared/socket.js";
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

function socketCode({ packageName, models }: SdkPlan, socket: NonNullable<SdkPlan["socket"]>): string {
  const { routes, events, credentials, isSigned, urls } = socket;
  const lookup = (model: string) => models.find((entry) => entry.model.name === model)?.model.type;
  const call = (method: string, { key, sent, isOptional }: SocketRoutePlan) => {
    const message = sent && !isOptional ? `, ${printPlanned(sampleValue(sent, lookup))}` : "";
    return `${method}(${stringLiteral(key)}${message})`;
  };
  const auth = [
    ...credentialUses([{ credentials }]).map(({ name }) => `${propertyName(name)}: () => session.${name}()`),
    ...(isSigned ? ["iam: sigv4Url({ region, credentials })"] : []),
  ];
  const options = [
    `stage: ${stringLiteral(urls[0]?.stage ?? "")}`,
    ...(auth.length > 0 ? [`auth: { ${auth.join(", ")} }`] : []),
  ];
  const asked = routes.find(({ reply }) => reply);
  const told = routes.find(({ reply }) => !reply);
  const [event] = events;
  return [
    `import { connect } from ${stringLiteral(`${packageName}/socket`)};`,
    ...(isSigned ? [`import { sigv4Url } from ${stringLiteral(packageName)};`] : []),
    "",
    `const socket = connect({ ${options.join(", ")} });`,
    ...(event ? [`socket.on(${stringLiteral(event.name)}, (data) => console.log(data));`] : []),
    ...(asked ? [`const reply = await ${call("socket.request", asked)};`] : []),
    ...(told ? [`${call("socket.send", told)};`] : []),
    ...(event ? [`for await (const data of socket.events(${stringLiteral(event.name)})) console.log(data);`] : []),
  ].join("\n");
}
