import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { sdkPython } from "../../../generators/sdk-python/index.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { root } from "../../support/paths.js";

/** Python with mypy and httpx: by GATEWAY_PYTHON (the interpreter, or the folder of its environment), else `.cache/python` of the checkout. */
export const python = [process.env["GATEWAY_PYTHON"], join(root, ".cache/python")]
  .flatMap((path) => (path === undefined ? [] : [path, join(path, "bin/python")]))
  .find((path) => existsSync(path) && spawnSync(path, ["-c", "import mypy, httpx"]).status === 0);

/** Tests that need Python are skipped where it is not, with a word; where CI runs they fail. */
export function isSkipped(): boolean {
  if (python !== undefined) return false;
  if (process.env["CI"]) throw new Error("GATEWAY_PYTHON names no Python that has mypy and httpx");
  console.warn("skipped: GATEWAY_PYTHON names no Python that has mypy and httpx");
  return true;
}

/** Files of the SDK by path, as text. */
export async function pythonFiles(model: GatewayModel): Promise<ReadonlyMap<string, string>> {
  const files = await sdkPython.generate(model, { projectDir: "/project", outDir: "/project/build" });
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

export interface PythonFolder {
  readonly path: string;
  /** Adds the package of a model to the folder. */
  add(model: GatewayModel): Promise<void>;
  write(name: string, text: string): void;
  /** Runs a program of the folder; yields what it printed. */
  run(name: string, ...args: readonly string[]): string;
  remove(): void;
}

/** A temporary folder whose packages Python finds. */
export function pythonFolder(): PythonFolder {
  const path = mkdtempSync(join(tmpdir(), "gateway-python-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  return {
    path,
    write,
    async add(model) {
      for (const [name, text] of await pythonFiles(model)) {
        if (name.startsWith("src/")) write(name.slice("src/".length), text);
      }
    },
    run: (name, ...args) => execFileSync(python ?? "python3", [name, ...args], { cwd: path, encoding: "utf8" }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** What mypy --strict and pyright in its strict mode say of the packages and programs of a folder. */
export function typeCheck(folder: PythonFolder, names: readonly string[]): readonly string[] {
  folder.write(
    "pyrightconfig.json",
    JSON.stringify({ typeCheckingMode: "strict", pythonVersion: "3.10", include: names }),
  );
  const mypy = spawnSync(
    python ?? "python3",
    ["-m", "mypy", "--strict", "--python-version", "3.10", "--no-error-summary", ...names],
    {
      cwd: folder.path,
      encoding: "utf8",
    },
  );
  const pyright = spawnSync(
    process.execPath,
    [join(root, "node_modules/pyright/index.js"), "--pythonpath", python ?? "python3", "--outputjson"],
    {
      cwd: folder.path,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const { generalDiagnostics } = JSON.parse(pyright.stdout) as {
    generalDiagnostics: readonly { file: string; message: string; range: { start: { line: number } } }[];
  };
  return [
    ...`${mypy.stdout}${mypy.stderr}`.split("\n").filter((line) => line !== ""),
    ...generalDiagnostics.map(
      ({ file, message, range }) => `${file.slice(folder.path.length + 1)}:${range.start.line + 1} ${message}`,
    ),
  ];
}
