import { gatewayForm } from "./language/gateway.js";

/** The JSON Schema of gateway.yaml for editors, the reference and `x-targets`: what the parser itself is made of. */
export function gatewaySchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "gateway.yaml",
    description: "An API gateway, completely: routes, models, integrations, mapping rules, authorizers, plans, stages.",
    ...gatewayForm.schema(),
  };
}

/** The text of schemas/gateway.schema.json. */
export function printGatewaySchema(): string {
  return `${JSON.stringify(gatewaySchema(), undefined, 2)}\n`;
}
