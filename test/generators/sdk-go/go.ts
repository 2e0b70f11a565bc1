import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { sdkGo } from "../../../generators/sdk-go/index.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";

/** Go in the path, or where its installer puts it. */
export const go = ["go", "/usr/local/go/bin/go"].find((path) => spawnSync(path, ["version"]).status === 0);

/** Tests that need Go are skipped where it is not, with a word; where CI runs they fail. */
export function isWithoutGo(): boolean {
  if (go !== undefined) return false;
  if (process.env["CI"]) throw new Error("Go is not installed");
  console.warn("skipped: Go is not installed");
  return true;
}

/** Nothing is fetched, and one package is compiled at a time. */
export const goEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  GOFLAGS: "-p=1 -mod=mod",
  GOPROXY: "off",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
};

/** Files of the SDK by path, as text. */
export async function goFiles(model: GatewayModel): Promise<ReadonlyMap<string, string>> {
  const files = await sdkGo.generate(model, { projectDir: "/project", outDir: "/project/build" });
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

export interface GoFolder {
  readonly path: string;
  /** Adds the package of a model: a folder of the module `probe`. */
  add(name: string, model: GatewayModel): Promise<void>;
  write(name: string, text: string): void;
  /** Runs Go; yields what it said, which is nothing when all is well. */
  run(...args: readonly string[]): string;
  /** What gofmt would write otherwise. */
  unformatted(): string;
  remove(): void;
}

/** A temporary module. */
export function goFolder(): GoFolder {
  const path = mkdtempSync(join(tmpdir(), "gateway-go-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  write("go.mod", "module probe\n\ngo 1.23\n");
  const run = (program: string, args: readonly string[]) => {
    const { stdout, stderr } = spawnSync(program, args, { cwd: path, encoding: "utf8", env: goEnvironment });
    return `${stdout}${stderr}`.trim();
  };
  return {
    path,
    write,
    async add(name, model) {
      const files = await goFiles({ ...model, sdk: { ...model.sdk, go: { module: `probe/${name}`, package: name } } });
      for (const [file, text] of files) if (file.endsWith(".go")) write(`${name}/${file}`, text);
    },
    run: (...args) => run(go ?? "go", args),
    unformatted: () => run((go ?? "go").replace(/go$/, "gofmt"), ["-d", "."]),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
