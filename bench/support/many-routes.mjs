/** A gateway.yaml of many routes: four a resource, two models each. */
export function gatewayOf(count) {
  const lines = [
    "gateway: bench",
    "version: 1.0.0",
    "models: |",
    "  interface Problem { message: string }",
    '  type Status = "pending" | "paid" | "shipped"',
    "  interface Item { sku: string; /** @minimum 1 */ quantity: integer; price: number }",
  ];
  const resources = Math.ceil(count / 4);
  for (let at = 0; at < resources; at++) {
    lines.push(`  interface New${at} { /** @minItems 1 */ items: Item[]; note?: string }`);
    lines.push(
      `  interface Thing${at} { id: uuid; status: Status; items: Item[]; total: number; createdAt: datetime; parent?: Thing${at} }`,
    );
  }
  lines.push("routes:");
  for (let at = 0; at < resources; at++) {
    lines.push(
      `  GET /things${at}:`,
      "    query: { status?: Status, limit?: integer }",
      `    lambda: list${at}`,
      `    responses: { 200: "Thing${at}[]", 400: Problem }`,
      `  POST /things${at}:`,
      `    body: New${at}`,
      `    lambda: create${at}`,
      `    responses: { 201: Thing${at}, 409: Problem }`,
      `  GET /things${at}/{id}: { lambda: get${at}, responses: { 200: Thing${at}, 404: Problem } }`,
      `  DELETE /things${at}/{id}: { lambda: remove${at}, responses: { 204: , 404: Problem } }`,
    );
  }
  return `${lines.join("\n")}\n`;
}
