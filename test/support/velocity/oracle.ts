import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../paths.js";

/** Where Debian's package `velocity` puts Apache Velocity 1.7 and what it needs. */
const jars = ["velocity", "commons-collections3", "commons-lang"].map((name) => `/usr/share/java/${name}.jar`);

/** Whether Velocity itself can be asked: its jar and a JDK are there. */
export function hasVelocity(): boolean {
  return existsSync(jars[0] as string) && spawnSync("javac", ["-version"]).status === 0;
}

/** A request: a template, and what its references give. */
export interface OracleRequest {
  readonly template: string;
  readonly values: readonly { readonly kind: string; readonly name: string; readonly text: string }[];
}

/** Renders templates in one run of Velocity on a JVM; an error is `!` and its class. */
export function askVelocity(requests: readonly OracleRequest[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "gateway-velocity-"));
  try {
    const classPath = [...jars, folder].join(":");
    const source = join(root, "test/support/velocity/Oracle.java");
    execFileSync("javac", ["-cp", classPath, "-d", folder, source]);
    const input = requests.map(lineOf).join("\n");
    const options = { input: `${input}\n`, maxBuffer: 1 << 28, encoding: "ascii" } as const;
    const output = execFileSync("java", ["-Xshare:auto", "-Xmx512m", "-cp", classPath, "Oracle"], options);
    return output
      .trimEnd()
      .split("\n")
      .map((line) => (line.startsWith("!") ? line : Buffer.from(line, "base64").toString("utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf({ template, values }: OracleRequest): string {
  const fields = [template, ...values.map(({ kind, name, text }) => `${kind}\0${name}\0${text}`)];
  return fields.map((field) => Buffer.from(field, "utf8").toString("base64")).join("\t");
}
