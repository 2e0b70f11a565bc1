/** The part of JSON Schema that schemas/gateway.schema.json is written in. */
interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly "x-targets"?: Tags;
}

interface Tags {
  readonly apis: readonly string[];
  readonly targets: readonly string[];
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly tags: Tags;
  readonly isRequired: boolean;
}

/** The reference of the language, made of the schema: a section for each key of the file, a row for each key below it. */
export function printReference(schema: Schema): string {
  const required = new Set(schema.required);
  const sections = Object.entries(schema.properties ?? {}).map(([name, key]) =>
    printSection(name, key, required.has(name)),
  );
  return `# The language

Every key of \`gateway.yaml\`. This page is made of \`schemas/gateway.schema.json\`, which editors read too: begin the file with
\`# yaml-language-server: $schema=./node_modules/gatewayc/schemas/gateway.schema.json\`.

**APIs** are the kinds on which a key works; **targets** say whether it is carried out by AWS (through the OpenAPI document), by
the generated gateway (\`node\`), or both. What an output cannot do *yet* is refused by name when you build; the list is in
[features.md](features.md).

## Expressions

| expression | reads |
|---|---|
| \`$request.path.x\`, \`$request.querystring.x\`, \`$request.header.x\` | a parameter of the request |
| \`$request.path\` | HTTP APIs: the whole path, without the stage |
| \`$request.multivalueheader.x\`, \`$request.multivaluequerystring.x\` | REST APIs, in \`request\`: all values of a parameter |
| \`$request.body\`, \`$request.body.a.b[0]\` | the request's JSON body, or a part of it |
| \`$response.header.x\`, \`$response.body.a\`, \`$response.status\` | the backend's answer; its status on HTTP APIs only, and on REST APIs its headers by themselves |
| \`$response.multivalueheader.x\` | REST APIs, in \`headers\` of a response: all values of a header of the backend |
| \`$context.requestId\` … | a variable of API Gateway |
| \`$stageVariables.x\` | a variable of the stage |

A value that is wholly such a reference is an expression. Inside a string it stands in \`\${…}\`; \`\${env.X}\` is read when the gateway
starts and is in no output. A literal dollar sign is \`$$\`.

${sections.join("\n")}`;
}

function printSection(name: string, schema: Schema, isRequired: boolean): string {
  const rows = rowsBelow(name, schema, schema["x-targets"], 0);
  const facts = factsOf(schema, isRequired);
  const table =
    rows.length === 0
      ? ""
      : `\n| key | | default | APIs | targets |\n|---|---|---|---|---|\n${rows.map(printRow).join("")}`;
  return `## \`${name}\`\n\n${schema.description ?? ""}\n${facts}${table}`;
}

function factsOf(schema: Schema, isRequired: boolean): string {
  const { apis = [], targets = [] } = schema["x-targets"] ?? {};
  const values = valuesOf(schema);
  const facts = [
    isRequired ? "Required." : "",
    schema.default === undefined ? "" : `Default \`${defaultOf(schema)}\`.`,
    values === "" ? "" : `${values}.`,
    schema.examples?.length ? `Example: \`${inline(schema.examples[0])}\`.` : "",
    `APIs: ${apis.join(", ")}. Targets: ${targets.join(", ")}.`,
  ];
  return `\n${facts.filter((fact) => fact !== "").join(" ")}\n`;
}

/** A guard only: the language is no deeper. */
const deepest = 20;

/** Keys below a key, depth first; names that the author chooses are written in angle brackets. */
function rowsBelow(path: string, schema: Schema, above: Tags | undefined, depth: number): readonly Row[] {
  if (depth > deepest) return [];
  const rows: Row[] = [];
  const seen = new Set<string>();
  const add = (next: string, child: Schema, isRequired: boolean) => {
    if (seen.has(next)) return;
    seen.add(next);
    const tags = tagsBelow(above, child["x-targets"]);
    if (tags.apis.length === 0) return;
    if (child.description !== undefined) rows.push({ path: next, schema: child, tags, isRequired });
    rows.push(...rowsBelow(next, child, tags, depth + 1).filter((row) => !seen.has(row.path)));
  };
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    add(`${path}.${name}`, child, schema.required?.includes(name) ?? false);
  }
  for (const child of Object.values(schema.patternProperties ?? {})) add(`${path}.<name>`, child, false);
  if (typeof schema.additionalProperties === "object") add(`${path}.<name>`, schema.additionalProperties, false);
  if (schema.items) add(`${path}[]`, schema.items, false);
  for (const variant of schema.anyOf ?? []) {
    for (const row of rowsBelow(path, variant, above, depth + 1)) {
      if (!seen.has(row.path)) rows.push(row);
      seen.add(row.path);
    }
  }
  return rows;
}

/** A key works where those above it do: the shapes that several places share say where they might. One that works nowhere has no row. */
function tagsBelow(above: Tags | undefined, own: Tags | undefined): Tags {
  if (above === undefined || own === undefined) return own ?? above ?? { apis: [], targets: [] };
  return {
    apis: own.apis.filter((api) => above.apis.includes(api)),
    targets: own.targets.filter((target) => above.targets.includes(target)),
  };
}

function printRow({ path, schema, tags: { apis, targets }, isRequired }: Row): string {
  const example = schema.examples?.length ? ` Example: \`${inline(schema.examples[0])}\`.` : "";
  const values = valuesOf(schema);
  const what = `${schema.description ?? ""}${values === "" ? "" : ` ${values}.`}${example}`;
  const otherwise = isRequired ? "required" : schema.default === undefined ? "" : `\`${defaultOf(schema)}\``;
  return `| \`${cell(path)}\` | ${cell(what)} | ${cell(otherwise)} | ${apis.join(", ")} | ${targets.join(", ")} |\n`;
}

/** In the case in which its words are listed. */
function defaultOf(schema: Schema): string {
  const { default: value } = schema;
  return inline(typeof value === "string" && schema.enum && hasLower(schema, value) ? value.toLowerCase() : value);
}

/** Words of a choice in the case of the file, or the range of a number. */
function valuesOf(schema: Schema): string {
  if (schema.enum) {
    const words = schema.enum.filter(
      (word) => typeof word !== "string" || word === word.toLowerCase() || !hasLower(schema, word),
    );
    return `One of ${words.map((word) => `\`${inline(word)}\``).join(", ")}`;
  }
  if (schema.minimum !== undefined && schema.maximum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  return "";
}

function hasLower(schema: Schema, word: string): boolean {
  return schema.enum?.includes(word.toLowerCase()) === true;
}

function inline(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : JSON.stringify(value);
  return text.replace(/\s*\n\s*/g, " ").replace(/`/g, "'");
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
