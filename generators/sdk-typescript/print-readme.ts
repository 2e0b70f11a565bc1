import { propertyName, stringLiteral } from "../emit/code-literal.js";
import { bindingName, camelName } from "../emit/names.js";
import { loadTemplate } from "../emit/text-template.js";
import { cell, inline, paragraph } from "../sdk-shared/markdown.js";
import { credentialUses } from "../sdk-shared/plan.js";
import { apigCallText, callText, valueText } from "./call-text.js";
import type { NamedOperation, SdkPlan } from "./plan.js";
import { socketReadme } from "./readme-socket.js";

/** `README.md`: the calls that a user makes first, errors, credentials, and a list of all operations. */
export async function printReadme(plan: SdkPlan): Promise<string> {
  const render = await loadTemplate(new URL("readme.hbs", import.meta.url));
  return render(readmeData(plan));
}

/** Calls that are shown. */
const shown = 5;

function readmeData(plan: SdkPlan): object {
  const first = plan.operations.slice(0, shown);
  const [withErrors] = [...first.filter(({ errors }) => errors.some(({ declared }) => declared.length > 0)), ...first];
  const paged = plan.operations.find(({ pagination }) => pagination);
  const names = ["createClient", ...first.map(({ names }) => names.fn)];
  return {
    packageName: plan.packageName,
    title: inline(plan.title),
    description: plan.description === undefined ? "" : paragraph(plan.description),
    version: inline(plan.version),
    imports: `import { ${names.join(", ")} } from ${stringLiteral(plan.packageName)};`,
    client: clientCode(plan),
    stage: stringLiteral(plan.baseUrls[0]?.stage ?? ""),
    calls: firstCalls(first, plan),
    error: withErrors ? errorCode(withErrors, plan) : "",
    safe: withErrors ? safeCode(withErrors, plan) : "",
    pages: paged ? pagesCode(paged, plan) : "",
    method: first[0] ? callText(first[0], plan).replace(/\(client(, )?/, "(") : "",
    apigClient: plan.apigClient?.flatMap((method) => apigCallText(method, plan) ?? [])[0] ?? "",
    mock: mockCode(withErrors, plan),
    validate: plan.settings.validate,
    socket: socketReadme(plan),
    hasCognito: plan.hasCognito,
    binary: binaryCode(plan),
    options: first[0]
      ? `await ${callText(first[0], plan, "{ timeoutMs: 2_000, retries: 0, signal }")};`
      : "createClient({ retries: 0 });",
    stages: plan.baseUrls.map(({ stage, url }) => ({ stage: cell(stage), url: cell(url) })),
    credentials: credentialRows(plan),
    operations: plan.operations.map((operation) => ({
      fn: operation.names.fn,
      route: cell(operation.route),
      about: cell(operation.summary ?? operation.description ?? ""),
      code: operationCode(operation, plan),
    })),
  };
}

/** Each keeps what it is answered under a name that says what it is. */
function firstCalls(operations: readonly NamedOperation[], plan: SdkPlan): readonly string[] {
  const taken = new Set(["client", "createClient", ...operations.map(({ names }) => names.fn)]);
  return operations.map((operation) => {
    const [success] = operation.successes;
    const call = `await ${callText(operation, plan)};`;
    if (success?.body === undefined)
      return operation.successes.length === 0 ? `const ${free("answer", taken)} = ${call}` : call;
    const { body } = success;
    const [member] = typeof body === "object" && body.kind === "object" ? body.properties : [];
    if (member && bindingName(member.name) === member.name && !taken.has(member.name)) {
      taken.add(member.name);
      return `const { ${member.name} } = ${call}`;
    }
    const wanted =
      body === "bytes" ? "file" : body.kind === "reference" ? bindingName(camelName(body.model)) : "answer";
    return `const ${free(wanted, taken)} = ${call}`;
  });
}

function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
  taken.add(name);
  return name;
}

/** A program with one call. */
function operationCode(operation: NamedOperation, plan: SdkPlan): string {
  const { names, pagination, successes } = operation;
  const [used, credentials] = [pagination ? names.items : names.fn, credentialUses([operation])];
  const call = `${used}${callText(operation, plan).slice(names.fn.length)}`;
  const hasBody = successes.length === 0 || successes.some(({ body }) => body !== undefined);
  const shown = hasBody ? `const answer = await ${call};\nconsole.log(answer);` : `await ${call};`;
  return `import { ${[...new Set(["createClient", used])].join(", ")} } from ${stringLiteral(plan.packageName)};

${clientCode({ ...plan, credentials })}
${pagination ? `for await (const item of ${call}) console.log(item);` : shown}`;
}

function clientCode({ baseUrls, credentials }: Pick<SdkPlan, "baseUrls" | "credentials">): string {
  const stage = `stage: ${stringLiteral(baseUrls[0]?.stage ?? "")}`;
  const auth = credentials.map(
    ({ name }) => `${propertyName(name)}: ${name === "bearer" ? "() => session.token()" : `secrets.${name}`}`,
  );
  const options = [stage, ...(auth.length > 0 ? [`auth: { ${auth.join(", ")} }`] : [])];
  return `const client = createClient({ ${options.join(", ")} });`;
}

function errorCode(operation: NamedOperation, plan: SdkPlan): string {
  const { guard } = operation.names;
  const [error] = [...operation.errors.filter(({ declared }) => declared.length > 0), ...operation.errors];
  return `try {
  await ${callText(operation, plan)};
} catch (error) {
  if (${guard}(error) && error.status === ${error?.status ?? 404}) console.log(error.body, error.requestId);
  else throw error;
}`;
}

function pagesCode(operation: NamedOperation, plan: SdkPlan): string {
  const { fn, items, pages } = operation.names;
  const call = callText(operation, plan, "{ maxItems: 500 }").slice(fn.length);
  return `for await (const item of ${items}${call}) console.log(item);
for await (const page of ${pages}${callText(operation, plan).slice(fn.length)}) console.log(page);`;
}

/** A test of what a program does with an error. */
function mockCode(operation: NamedOperation | undefined, plan: SdkPlan): string {
  if (operation === undefined) return "const mock = mockTransport();\nconst client = createClient(mock.options);";
  const { fn } = operation.names;
  const [error] = operation.errors.filter(({ declared }) => declared.length > 0);
  const [type] = error?.declared ?? [];
  const body = typeof type === "object" ? valueText(type, plan) : '{ message: "Too Many Requests" }';
  return `const mock = mockTransport({ ${propertyName(fn)}: { status: ${error?.status ?? 429}, body: ${body} } });
const client = createClient({ ...mock.options, retries: 0 });
await ${callText(operation, plan)}.safe();
console.log(mock.callsOf(${stringLiteral(fn)}));           // the inputs of its calls; mock.calls has the requests too`;
}

/** A download as a stream, where some route answers with bytes. */
function binaryCode(plan: SdkPlan): string {
  const bytes = plan.operations.find(({ binaryStatuses }) => binaryStatuses.some((status) => status < 300));
  if (!bytes) return "";
  const options = "{ middleware: [downloadProgress(({ transferred }) => console.log(transferred))] }";
  return `const body = await ${bytes.names.stream}${callText(bytes, plan, options).slice(bytes.names.fn.length)};
const reader = body.getReader();
for (let piece = await reader.read(); !piece.done; piece = await reader.read()) console.log(piece.value.byteLength);`;
}

function safeCode(operation: NamedOperation, plan: SdkPlan): string {
  return `const result = await ${callText(operation, plan)}.safe();
if (result.ok) console.log(result.body);
else console.log(result.status, result.message);`;
}

function credentialRows({ credentials, isSigned }: SdkPlan): readonly { name: string; place: string }[] {
  const rows = credentials.map(({ name, uses }) => ({
    name,
    place: [
      ...new Set(uses.map(({ place, key }) => `${place === "query" ? "query parameter" : "header"} \`${cell(key)}\``)),
    ].join(", "),
  }));
  return isSigned
    ? [
        ...rows,
        { name: "iam", place: "`Authorization`, by `sigv4({ region, credentials })` (AWS Signature Version 4)" },
      ]
    : rows;
}
