// Apache Velocity 1.7 itself on a warm JVM, where Debian's packages `velocity` and a JDK are there.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const jars = ["velocity", "commons-collections3", "commons-lang"].map((name) => `/usr/share/java/${name}.jar`);
const source = fileURLToPath(new URL("jvm/Render.java", import.meta.url));

/**
 * @returns a function that gives CPU µs of one rendering, with the body read anew (`anew`) and read before (`rendering`), and the
 *   `text`; undefined where there is no Velocity or no JDK
 */
export function openJvm() {
  if (!jars.every(existsSync) || spawnSync("javac", ["-version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "gateway-bench-jvm-"));
  const classPath = [...jars, folder].join(":");
  execFileSync("javac", ["-cp", classPath, "-d", folder, source]);
  const render = ({ template, body }, given, { warmMs = 3000, slices = 7, sliceMs = 300 } = {}) => {
    const task = join(folder, "task.json");
    writeFileSync(task, JSON.stringify({ template, body, given, warmMs, slices, sliceMs }));
    const line = execFileSync("java", ["-cp", classPath, "Render", task], { encoding: "ascii" });
    const [anew, rendering, text] = line.trim().split(" ");
    return { anew: Number(anew), rendering: Number(rendering), text: Buffer.from(text, "base64").toString("utf8") };
  };
  return { render, close: () => rmSync(folder, { recursive: true, force: true }) };
}
