import { parentPort, workerData } from "node:worker_threads";
import { outputs } from "../../generators/index.js";
import { invariant } from "../invariant.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "../model/output.js";

/** What the thread is asked for, once; it has loaded the generators by then. */
export interface GeneratorWork {
  readonly model: GatewayModel;
  readonly options: GenerateOptions;
}

/** Of one output, as soon as it is there. */
export interface GeneratorReply {
  readonly output: string;
  readonly files: readonly OutputFile[] | undefined;
}

const port = parentPort;
invariant(port, "runs as a thread of a build");
const names: readonly string[] = workerData;
const wanted = outputs.filter(({ name }) => names.includes(name));
const loading = Promise.all(wanted.map((output) => output.load()));
port.once("message", async ({ model, options }: GeneratorWork) => {
  const generators = await loading;
  for (const [at, { name }] of wanted.entries()) {
    // What goes wrong here goes wrong again where the build waits for it, and is told there with all that it is.
    const files = await generators[at]?.generate(model, options).catch(() => undefined);
    const reply: GeneratorReply = { output: name, files };
    port.postMessage(reply);
  }
});
