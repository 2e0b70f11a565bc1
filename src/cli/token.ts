import process from "node:process";
import type { Command } from "commander";
import { compile } from "../compile.js";
import { LocalIssuer } from "../dev/local-issuer.js";
import type { Authorizer, CognitoAuthorizer, JwtAuthorizer } from "../model/authorizers.js";
import type { Text } from "../model/expressions.js";
import type { GatewayModel, Stage } from "../model/gateway-model.js";
import { poolIssuer } from "../model/user-pools.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { findProject, readSource } from "./project.js";
import { showDiagnostics } from "./report.js";

interface TokenFlags {
  readonly file: string;
  readonly sub: string;
  readonly scope?: string;
  readonly claim: readonly string[];
  readonly expires: string;
  readonly use?: string;
  readonly client?: string;
  readonly stage?: string;
}

export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command("token")
    .description("Prints a token that `gateway dev` accepts for one of the file's authorizers")
    .argument("<authorizer>", "a Cognito or JWT authorizer of the file")
    .option("-f, --file <file>", "the file, or the folder that it is in", "gateway.yaml")
    .option("--sub <subject>", "who the caller is", "local-user")
    .option("--scope <scopes>", 'scopes, with blanks between: "orders/read orders/write"')
    .option("--claim <name=value>", "a further claim, may be repeated; values may be JSON", collect, [])
    .option("--expires <time>", "from now: 90s, 30m, 1h, 7d; --expires=-1m has expired already", "1h")
    .option("--use <use>", "Cognito: id or access (default: access with --scope, else id)")
    .option("--client <id>", "client id (default: the first audience, for Cognito local-client)")
    .option("--stage <stage>", "whose stage variables and issuer count (default: the first)")
    .addHelpText(
      "after",
      '\nExample:\n  curl -H "Authorization: $(gateway token customers --sub ada)" localhost:8080/dev/me\n',
    )
    .action((name: string, flags: TokenFlags) => printToken(name, flags, context));
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

async function printToken(name: string, flags: TokenFlags, context: CommandContext): Promise<void> {
  const project = findProject(flags.file);
  const source = readSource(project);
  const { projectDir } = project;
  const { diagnostics, model } = await compile(source, undefined, {
    projectDir,
    outDir: projectDir,
    targets: new Set(["node"]),
  });
  if (model === undefined) {
    await showDiagnostics(
      source,
      diagnostics.filter(({ severity }) => severity === "error"),
      "text",
      context,
    );
    context.finish(exitCode.diagnostics);
    return;
  }
  const claims = claimsOf(authorizerOf(name, model), flags, stageOf(flags.stage, model));
  context.terminal.out(`${new LocalIssuer(projectDir).mint(claims)}\n`);
}

function authorizerOf(name: string, { authorizers }: GatewayModel): CognitoAuthorizer | JwtAuthorizer {
  const found: Authorizer | undefined = authorizers.find((authorizer) => authorizer.name === name);
  if (found?.kind === "lambda") throw new UsageError(`"${name}" is a function: it decides by itself what a token is`);
  if (found !== undefined) return found;
  const names = authorizers.filter(({ kind }) => kind !== "lambda").map((authorizer) => authorizer.name);
  const near = nearest(name, names);
  const hint = near ? `; did you mean "${near}"?` : names.length > 0 ? `; there are ${names.join(", ")}` : "";
  throw new UsageError(`no Cognito or JWT authorizer is named "${name}"${hint}`);
}

function stageOf(name: string | undefined, { stages }: GatewayModel): Stage {
  const stage = name === undefined ? stages[0] : stages.find((candidate) => candidate.name === name);
  if (stage === undefined)
    throw new UsageError(`no stage is named "${name}"; there are ${stages.map((s) => s.name).join(", ")}`);
  return stage;
}

/** What the authorizer wants of a token; claims that are given count before all others. */
function claimsOf(authorizer: CognitoAuthorizer | JwtAuthorizer, flags: TokenFlags, stage: Stage): object {
  const now = Math.floor(Date.now() / 1000);
  const given = Object.fromEntries(flags.claim.map(readClaim));
  const base = {
    sub: flags.sub,
    iat: now,
    exp: now + secondsOf(flags.expires),
    ...(flags.scope && { scope: flags.scope }),
  };
  if (authorizer.kind === "jwt") {
    const aud = flags.client ?? resolved(authorizer.audience[0], stage);
    return { iss: resolved(authorizer.issuer, stage), aud, ...base, ...given };
  }
  const use = flags.use ?? (flags.scope === undefined ? "id" : "access");
  if (use !== "id" && use !== "access") throw new UsageError(`"${use}" is no use of a token: id or access`);
  const arn = resolved(authorizer.providerArns[0], stage);
  const iss = poolIssuer(arn);
  if (iss === undefined) throw new UsageError(`"${arn}" is no user pool; --stage chooses another stage`);
  const client = flags.client ?? "local-client";
  const user =
    use === "id" ? { aud: client, "cognito:username": flags.sub } : { client_id: client, username: flags.sub };
  return { iss, token_use: use, auth_time: now, ...user, ...base, ...given };
}

/** A text as the gateway of the stage reads it. @throws UsageError for a variable that is not set */
function resolved(text: Text | undefined, stage: Stage): string {
  const read = (name: string) => {
    const value = process.env[name];
    if (value === undefined) throw new UsageError(`environment variable not set: ${name}`);
    return value;
  };
  const parts = (text?.parts ?? []).map((part) => {
    if (typeof part === "string") return part;
    if (part.kind === "env") return read(part.name);
    const variable = part.kind === "stageVariable" ? stage.variables.find(({ name }) => name === part.name) : undefined;
    return variable === undefined ? "" : resolved(variable.value, stage);
  });
  return parts.join("");
}

/** `roles=["a"]` is a list, `level=3` a number, `name=ada` a text. */
function readClaim(text: string): readonly [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`"${text}" is no claim: write name=value`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(text: string): number {
  const [, count, unit = "s"] = /^(-?\d+)([smhd])?$/.exec(text) ?? [];
  if (count === undefined) throw new UsageError(`"${text}" is no time: write 90s, 30m, 1h or 7d`);
  return Number(count) * (units[unit] ?? 1);
}
