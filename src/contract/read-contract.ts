import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../compile.js";
import { type Contract, contractOf } from "../model/contract.js";
import { OutputError } from "../model/output.js";
import { SourceFile } from "../source.js";
import { manifestName } from "../write/manifest.js";
import { type ContractOfFormat1, type ContractOfFormat2, fromFormat1, fromFormat2 } from "./older-formats.js";

/** Path of the contract in a build folder. */
export const contractPath = "contract/contract.json";

/**
 * The contract of a gateway.yaml, of the folder that it is in, of a build folder, or of a contract.json by itself.
 *
 * @param shown  the path as the user knows it
 * @throws OutputError when it is none of these, or has mistakes
 */
export async function readContract(path: string, shown: string): Promise<Contract> {
  const file = fileOf(path, shown);
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) return parseContract(text, shown);
  const options = { projectDir: "/", outDir: "/", targets: new Set<never>() };
  const { model, diagnostics } = await compile(new SourceFile(shown, text), undefined, options);
  if (model) return contractOf(model);
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  throw new OutputError(
    `${shown} has mistakes (${first?.message ?? "it cannot be read"}); gateway check ${shown} shows them`,
  );
}

function fileOf(path: string, shown: string): string {
  if (!existsSync(path)) throw new OutputError(`${shown} does not exist`);
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
  if (format !== 3) throw new OutputError(`${shown} is no contract that this version of gateway can read`);
  return parsed as Contract;
}
