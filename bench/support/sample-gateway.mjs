// Gateways of any size for benchmarks.

/** A gateway as teams have them: one resource in ten routes, lambdas, a proxy and a mock among them. */
export function sampleGateway(routes) {
  const lines = [
    "gateway: bench",
    "version: 1.0.0",
    "models: |",
    "  interface Problem { message: string }",
    '  type Status = "pending" | "paid" | "shipped"',
    "  interface Item { sku: string; /** @minimum 1 */ quantity: integer; price: number }",
  ];
  const resources = Math.ceil(routes / 5);
  for (let at = 0; at < resources; at++) {
    lines.push(`  interface New${at} { /** @minItems 1 */ items: Item[]; note?: string }`);
    lines.push(
      `  interface Thing${at} extends New${at} { id: uuid; status: Status; total: number; createdAt: datetime }`,
    );
  }
  lines.push("routes:");
  let left = routes;
  const add = (...text) => {
    if (left-- > 0) lines.push(...text);
  };
  for (let at = 0; at < resources; at++) {
    add(
      `  GET /things${at}:`,
      "    query: { status?: Status, limit?: integer }",
      `    lambda: list${at}`,
      `    responses: { 200: "Thing${at}[]", 400: Problem }`,
    );
    add(
      `  POST /things${at}:`,
      `    body: New${at}`,
      `    lambda: create${at}`,
      `    responses: { 201: Thing${at}, 400: Problem }`,
    );
    add(
      `  GET /things${at}/{id}:`,
      "    params: { id: uuid }",
      `    lambda: get${at}`,
      `    responses: { 200: Thing${at}, 404: Problem }`,
    );
    add(`  GET /things${at}/{id}/files/{path+}:`, '    http: "http://127.0.0.1:9000/{path}"');
    add(`  GET /things${at}/{id}/health: { mock: { status: ok } }`);
  }
  return `${lines.join("\n")}\n`;
}
