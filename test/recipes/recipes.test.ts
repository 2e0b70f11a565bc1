import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureGateway, type YamlGateway } from "../support/yaml-gateway.js";

/** fixtures/recipes against a SOAP service and a JSON service of ours. */
describe("recipes", () => {
  const servers: Server[] = [];
  let gateway: YamlGateway;
  let lastSoap: { readonly headers: IncomingMessage["headers"]; readonly xml: string };

  beforeAll(async () => {
    const soap = await listen(async (request, response) => {
      lastSoap = { headers: request.headers, xml: await bodyOf(request) };
      const amount = Number(element(lastSoap.xml, "Amount"));
      const fault = Number.isNaN(amount) || amount < 0;
      response.writeHead(fault ? 500 : 200, { "Content-Type": "text/xml; charset=utf-8" });
      response.end(
        fault
          ? "<s:Envelope><s:Body><s:Fault><faultstring>amount isn't positive</faultstring></s:Fault></s:Body></s:Envelope>"
          : `<s:Envelope>\n<s:Body><R><Amount>${amount * 1.5}</Amount><Currency>${element(lastSoap.xml, "To")}</Currency></R></s:Body>\n</s:Envelope>`,
      );
    });
    const shop = await listen((_, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify({
          products: [
            { sku: "a", name: 'O\'Neill "x"', visible: true, labels: ["new", "hot"], cost: 3 },
            { sku: "b", name: "hidden", visible: false, labels: [] },
            { sku: "c", name: "größe 😀", visible: true, labels: [] },
          ],
        }),
      );
    });
    gateway = await fixtureGateway("recipes", { environment: { SOAP_HOST: soap, SHOP_HOST: shop } });
  });
  afterAll(async () => {
    await gateway?.close();
    gateway?.remove();
    for (const server of servers) server.close();
  });

  async function listen(handle: Parameters<typeof createServer>[1] & object): Promise<string> {
    const server = createServer(handle as Parameters<typeof createServer>[1]);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("JSON to SOAP and back", async () => {
    const asked = await gateway.ask("POST /prod/convert", { amount: 10, from: "EUR", to: "<A&B>" });
    expect(asked).toMatchObject({ status: 200, json: { amount: 15, currency: "<A&B>" } });
    expect(lastSoap.headers).toMatchObject({ "content-type": "text/xml; charset=utf-8", soapaction: "urn:convert" });
    expect(lastSoap.xml).toContain("<From>EUR</From><To>&lt;A&amp;B&gt;</To>");
  });

  test("a SOAP fault becomes an error of the API's own", async () => {
    const asked = await gateway.ask("POST /prod/convert", { amount: -1, from: "EUR", to: "USD" });
    expect(asked).toMatchObject({ status: 422, json: { message: "amount isn't positive" } });
  });

  test("a query string becomes a function's JSON, with defaults", async () => {
    const asked = await gateway.ask("GET /prod/search?q=red%20%22shoes%22&limit=5", undefined, [
      "User-Agent",
      "test/1",
    ]);
    expect(asked).toMatchObject({
      status: 200,
      json: {
        found: [{ term: 'red "shoes"', limit: "5", sort: { by: "relevance" }, client: "127.0.0.1 test/1" }],
        of: 5,
      },
    });
    expect((await gateway.ask("GET /prod/search?q=x")).json.of).toBe(20);
    expect(await gateway.ask("GET /prod/search?q=")).toMatchObject({
      status: 400,
      json: { message: "bad request: q is empty" },
    });
  });

  test("a reply is filtered and renamed, by template and by rule", async () => {
    expect((await gateway.ask("GET /prod/products")).json).toEqual([
      { id: "a", title: 'O\'Neill "x"', tags: ["new", "hot"] },
      { id: "c", title: "größe 😀", tags: [] },
    ]);
    expect((await gateway.ask("GET /prod/products/names")).json).toEqual({
      names: ['O\'Neill "x"', "hidden", "größe 😀"],
      first: "a",
    });
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
