import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";

export function addInitCommand(program: Command, context: CommandContext): void {
  program
    .command("init")
    .description("Starts a gateway: gateway.yaml, a handler and a .gitignore, nothing else")
    .argument("[name]", "folder to make; also the gateway's name", ".")
    .addHelpText("after", "\nExample:\n  gateway init notes && cd notes && gateway dev\n")
    .action((name: string) => init(name, context));
}

function init(name: string, { terminal }: CommandContext): void {
  const folder = resolve(name);
  const gatewayName = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (existsSync(join(folder, "gateway.yaml"))) throw new UsageError(`${join(name, "gateway.yaml")} is there already`);
  if (name !== "." && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${name} is there already and is not empty`);
  }
  mkdirSync(join(folder, "handlers"), { recursive: true });
  const files: readonly [string, string][] = [
    ["gateway.yaml", firstGateway(gatewayName || "my-gateway")],
    ["handlers/greet.ts", firstHandler],
    [".gitignore", "node_modules/\nbuild/gateway/\n.gateway/\n"],
  ];
  for (const [path, text] of files) {
    if (existsSync(join(folder, path))) continue;
    writeFileSync(join(folder, path), text, { flag: "wx" });
    terminal.out(`new       ${join(name, path)}\n`);
  }
  const enter = name === "." ? "" : `cd ${/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`} && `;
  terminal.out(`next      ${enter}gateway dev\n`);
}

/** Names that YAML would read as a number, a boolean or nothing. */
const looksLikeAnotherType = /^(?:-?\d[\d.e-]*|0[xo][\da-f]+|true|false|null)$/;

function firstGateway(name: string): string {
  return `# yaml-language-server: $schema=./node_modules/gatewayc/schemas/gateway.schema.json
gateway: ${looksLikeAnotherType.test(name) ? `"${name}"` : name}
version: 1.0.0
description: Greets people by name.

models: |
  interface Greeting { message: string }
  interface Problem { message: string }

cors: { origins: ["*"] }

routes:
  GET /greetings/{name}:
    params: { name: string }
    query: { shout?: boolean }
    lambda: greet
    responses: { 200: Greeting, 404: Problem }

  GET /health: { mock: { status: ok } }
`;
}

const firstHandler = `import { greet } from "../build/handlers/greet.js";

export const handler = greet(async ({ params, query }) => {
  const message = \`Hello, \${params.name}!\`;
  return { status: 200, body: { message: query.shout ? message.toUpperCase() : message } };
});
`;
