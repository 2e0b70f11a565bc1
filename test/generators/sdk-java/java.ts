import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { sdkJava } from "../../../generators/sdk-java/index.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";

/** Whether there is a compiler of Java 17 or later. */
const hasJava = spawnSync("javac", ["--release", "17", "-version"]).status === 0;

/** Tests that need Java are skipped where it is not, with a word; where CI runs they fail. */
export function isWithoutJava(): boolean {
  if (hasJava) return false;
  if (process.env["CI"]) throw new Error("no javac of Java 17 is installed");
  console.warn("skipped: no javac of Java 17 is installed");
  return true;
}

export interface JavaFolder {
  readonly path: string;
  /** Adds the package of a model; its last part is the name. Its pom.xml is `poms/<name>.xml`. */
  add(name: string, model: GatewayModel): Promise<void>;
  write(name: string, text: string): void;
  /** Compiles all files at once with all warnings as errors; yields what the compiler said. */
  compile(): string;
  /** Runs a class; yields what it printed. */
  run(name: string): string;
  remove(): void;
}

/** A temporary folder of sources. */
export function javaFolder(): JavaFolder {
  const path = mkdtempSync(join(tmpdir(), "gateway-java-"));
  const files: string[] = [];
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
    files.push(name);
  };
  const run = (program: string, args: readonly string[]) => {
    const { stdout, stderr } = spawnSync(program, args, { cwd: path, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    return `${stdout}${stderr}`.trim();
  };
  return {
    path,
    write,
    async add(name, model) {
      const java = { package: `probe.${name}`, artifact: undefined };
      const made = await sdkJava.generate(
        { ...model, sdk: { ...model.sdk, java } },
        { projectDir: "/project", outDir: "/project/build" },
      );
      mkdirSync(join(path, "poms"), { recursive: true });
      for (const file of made) {
        if (file.path.endsWith(".java")) write(file.path.replace("src/main/java/", ""), String(file.content));
        if (file.path === "pom.xml") writeFileSync(join(path, "poms", `${name}.xml`), file.content);
      }
    },
    compile() {
      writeFileSync(join(path, "files.txt"), files.map((name) => `"${name}"\n`).join(""));
      return run("javac", [
        "--release",
        "17",
        "-Xlint:all",
        "-Werror",
        "-encoding",
        "UTF-8",
        "-d",
        "out",
        "@files.txt",
      ]);
    },
    run: (name) => run("java", ["-cp", "out", name]),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
