import type { ContainerPlan } from "./plan.js";

export const port = 8080;
/** Of the admin port, which is open to the container itself alone: probes run inside, and `kubectl port-forward` reaches it. */
export const adminPort = 8081;
/** Where quotas, keys and usage are kept where they are not in Redis. */
export const stateFolder = "/state";

/** Arguments of the gateway in a container; the first signal to it lets requests finish. */
export function argumentsOf({ sharing }: ContainerPlan): readonly string[] {
  const kept = sharing === "single" ? ["--state", stateFolder] : [];
  return ["gateway.mjs", "--host", "0.0.0.0", "--port", String(port), "--admin-port", String(adminPort), ...kept];
}

/** Asks the gateway how it is: exit code 0 where it is well. A port that accepts connections says nothing of a process that hangs. */
export function healthCommand(what: "live" | "ready"): readonly string[] {
  return ["wget", "-q", "-T", "2", "-O", "/dev/null", `http://127.0.0.1:${adminPort}/health/${what}`];
}
