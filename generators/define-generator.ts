import type { GatewayModel } from "../src/model/gateway-model.js";
import type { GenerateOptions, Generator, OutputFile } from "../src/model/output.js";

/**
 * A generator made of its two steps: `plan` decides everything (names, order, contents), `print` only makes text of it.
 *
 * @param name  also the folder of its files
 */
export function defineGenerator<Plan>(
  name: string,
  plan: (model: GatewayModel, options: GenerateOptions) => Plan | Promise<Plan>,
  print: (plan: Plan) => readonly OutputFile[] | Promise<readonly OutputFile[]>,
): Generator {
  return { name, generate: async (model, options) => print(await plan(model, options)) };
}
