import type { Generator } from "../src/model/output.js";

/** An output that `gateway build` can make; its code is loaded only when it is wanted. */
export interface Output {
  /** Name on the command line (`--only`). */
  readonly name: string;
  /** What must be able to carry out the file: AWS, the gateway here, or nobody in particular. */
  readonly target: "aws" | "node" | "any";
  load(): Promise<Generator>;
}

export const outputs: readonly Output[] = [
  { name: "openapi", target: "aws", load: async () => (await import("./openapi/index.js")).openapi },
  {
    name: "cloudformation",
    target: "aws",
    load: async () => (await import("./cloudformation/index.js")).cloudFormation,
  },
  { name: "asyncapi", target: "any", load: async () => (await import("./asyncapi/index.js")).asyncapi },
  { name: "sdk", target: "any", load: async () => (await import("./sdk.js")).sdk },
  { name: "handlers", target: "any", load: async () => (await import("./handlers/index.js")).handlers },
  { name: "gateway", target: "node", load: async () => (await import("./gateway/index.js")).gateway },
  { name: "docs", target: "any", load: async () => (await import("./docs/index.js")).docs },
  { name: "container", target: "node", load: async () => (await import("./container/index.js")).container },
  { name: "contract", target: "any", load: async () => (await import("./contract/index.js")).contract },
];
