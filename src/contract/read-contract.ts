import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { compile } from "../compile.js";
import { type Contract, contractOf } from "../model/contract.js";
import { OutputError } from "../model/output.js";
import { SourceFile } from "../source.js";
import { manifestName } from "../write/manifest.js";
import {
  type ContractOfFormat1,
  type ContractOfFormat2,
  type ContractOfFormat3,
  fromFormat1,
  fromFormat2,
  fromFormat3,
} from "./older-formats.js";

/** Path of the contract in a build folder. */
const contractPath = "contract/contract.json";

/** Longest file that git is asked for, bytes. */
const mostOfGit = 64 * 1024 * 1024;

/**
 * The contract of a gateway.yaml, of the folder that it is in, of a build folder, of a contract.json by itself, or of an OpenAPI
 * document or CloudFormation template, as `gateway import` reads them.
 *
 * @param shown  the path as the user gave it
 * @param folder  that it starts from
 * @throws OutputError when it is none of these, or has mistakes
 */
export async function readContract(shown: string, folder: string): Promise<Contract> {
  const path = resolve(folder, shown);
  if (!existsSync(path)) throw new OutputError(`${shown} does not exist`);
  const file = fileOf(path, shown);
  return contractOfText(readFileSync(file, "utf8"), shown, file);
}

/** The same, or what git has: `HEAD~1:gateway.yaml`, `v1.2.0:` for that of this folder. */
export async function readContractOrRevision(shown: string, folder: string): Promise<Contract> {
  const [, revision, inside] = /^([^:]+):(.*)$/s.exec(shown) ?? [];
  if (revision === undefined || inside === undefined || existsSync(resolve(folder, shown)))
    return readContract(shown, folder);
  return contractOfText(textOfGit(revision, inside, folder), shown, undefined);
}

/** @param file  undefined: it is in git only, so that nothing that it refers to is read */
async function contractOfText(text: string, shown: string, file: string | undefined): Promise<Contract> {
  const document = documentOf(text);
  if (document === "contract") return parseContract(text, shown);
  if (document === "foreign") return contractOfYaml(await imported(file, shown), shown);
  return contractOfYaml(
    text,
    shown,
    file === undefined ? `git show ${shown} > old.yaml && gateway check old.yaml` : undefined,
  );
}

/** What a text is, by its members at the top. A gateway.yaml has mistakes of its own to tell. */
function documentOf(text: string): "contract" | "foreign" | "gateway" {
  if (!text.trimStart().startsWith("{")) return isForeignYaml(text) ? "foreign" : "gateway";
  try {
    const document: unknown = JSON.parse(text);
    const has = (name: string) => typeof document === "object" && document !== null && Object.hasOwn(document, name);
    return has("gateway") ? "gateway" : foreignMembers.some(has) ? "foreign" : "contract";
  } catch {
    return "contract";
  }
}

const foreignMembers: readonly string[] = ["openapi", "swagger", "Resources"];

function isForeignYaml(text: string): boolean {
  const names = new Set(Array.from(text.matchAll(/^(["']?)(\w+)\1\s*:/gm), ([, , name]) => name));
  return !names.has("gateway") && foreignMembers.some((name) => names.has(name));
}

async function imported(file: string | undefined, shown: string): Promise<string> {
  if (file === undefined)
    throw new OutputError(
      `${shown} is no gateway.yaml; of other documents git show ${shown} makes a file that can be compared`,
    );
  const { importGateway } = await import("../import/import-gateway.js");
  const { text, found, rest } = await importGateway(file);
  const isBroken = found.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error"));
  if (text !== undefined && rest.length === 0 && !isBroken) return text;
  throw new OutputError(`${shown} cannot be read as an API; gateway import ${shown} says why`);
}

/** @param check  what shows its mistakes */
async function contractOfYaml(text: string, shown: string, check = `gateway check ${shown}`): Promise<Contract> {
  const options = { projectDir: "/", outDir: "/", targets: new Set<never>() };
  const { model, diagnostics } = await compile(new SourceFile(shown, text), undefined, options);
  if (model) return contractOf(model);
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  throw new OutputError(`${shown} has mistakes (${first?.message ?? "it cannot be read"}); ${check} shows them`);
}

/** `HEAD~1:gateway.yaml`, from the folder that the user is in; a folder there stands for its gateway.yaml. */
function textOfGit(revision: string, inside: string, folder: string): string {
  const path = inside === "" ? "gateway.yaml" : inside.replace(/\/$/, "/gateway.yaml");
  // An option in place of a revision is none; git takes what begins with ./ from this folder, as a shell does.
  if (revision.startsWith("-")) throw new OutputError(`${revision} is no revision of git`);
  const object = `${revision}:${/^\.{0,2}\//.test(path) ? path : `./${path}`}`;
  try {
    return execFileSync("git", ["show", object], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: mostOfGit,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: unknown };
    const why = code === "ENOENT" ? "git is not installed" : String(stderr ?? "").split("\n")[0];
    throw new OutputError(`${revision}:${inside} is no file here, and git has none: ${why || "it cannot be read"}`);
  }
}

function fileOf(path: string, shown: string): string {
  if (!statSync(path).isDirectory()) return path;
  const found = [contractPath, "contract.json", "gateway.yaml"].map((name) => join(path, name)).find(existsSync);
  if (found !== undefined) return found;
  throw new OutputError(
    existsSync(join(path, manifestName))
      ? `${shown} is a build without its contract; gateway build --only contract makes it`
      : `${shown} is neither a build folder nor one with a gateway.yaml`,
  );
}

function parseContract(text: string, shown: string): Contract {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new OutputError(`${shown} is no JSON`);
  }
  const format = parsed !== null && typeof parsed === "object" && "format" in parsed ? parsed.format : undefined;
  if (format === 1) return fromFormat1(parsed as ContractOfFormat1);
  if (format === 2) return fromFormat2(parsed as ContractOfFormat2);
  if (format === 3) return fromFormat3(parsed as ContractOfFormat3);
  if (format !== 4) throw new OutputError(`${shown} is no contract that this version of gateway can read`);
  return parsed as Contract;
}
