import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { DeployError } from "../../runtime/deploy/deploy-error.js";

/** One that has not answered by then is ended. */
const mostMs = 60_000;

/**
 * The one message that a module tells when it is run as a process.
 *
 * @param module  relative to this file @throws DeployError when it tells nothing
 */
export function askProcess(module: string, argument: string): Promise<unknown> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [argument], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    timeout: mostMs,
  });
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new DeployError(`the build ended early (${signal ?? code})`)));
  });
}
