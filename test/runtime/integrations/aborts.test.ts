import { request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import { httpProxy } from "../../../runtime/integrations/http-proxy.js";
import { lambdaProxy } from "../../../runtime/integrations/lambda-proxy.js";
import { route } from "../../../runtime/program.js";
import { backend } from "./backend.js";
import { lambdaOf, programOf, testGateway } from "./support.js";

test("clients that go at any moment leave nothing behind", async () => {
  let underWay = 0;
  const server = await backend((_, response) => {
    underWay++;
    response.once("close", () => underWay--);
    const timers = [setTimeout(() => response.write("part"), 10), setTimeout(() => response.end("end"), 30)];
    response.once("close", () => timers.forEach(clearTimeout));
  });
  const routes = [
    route({
      key: "GET /p",
      method: "GET",
      resourcePath: "/p",
      resourceId: "abc123",
      segments: ["p"],
      run: httpProxy,
      http: {
        proxy: true,
        method: "ANY",
        uri: `${server.url}/`,
        headers: [],
        query: [],
        path: [],
        insecureSkipVerification: false,
        responses: [],
      },
    }),
    route({
      key: "GET /l",
      method: "GET",
      resourcePath: "/l",
      resourceId: "abc124",
      segments: ["l"],
      run: lambdaProxy,
      lambda: lambdaOf(() => new Promise((resolve) => setTimeout(resolve, 20, { statusCode: 200 }))),
    }),
  ];
  const gateway = testGateway(programOf(routes));
  const { port } = await gateway.listen();
  let whole = 0;
  for (let round = 0; round < 10; round++) {
    const calls = Array.from({ length: 40 }, (_, at) => abandoned(port, at % 2 ? "/dev/p" : "/dev/l", at * at));
    whole += (await Promise.all(calls)).filter(Boolean).length;
  }
  expect(whole).toBeGreaterThan(0);
  await expect.poll(() => underWay).toBe(0);
  await expect.poll(() => gateway.live.targets.deadlines.waiting).toBe(0);
  expect(gateway.log.filter(({ message }) => message === "a step failed unexpectedly")).toEqual([]);
  await gateway.close({ drainMs: 0 });
});

/** A request given up after so many milliseconds; true when its answer was whole by then. */
function abandoned(port: number, path: string, afterMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = httpRequest({ port, path, agent: false }, (response) => {
      response.resume();
      response.on("close", () => resolve(response.complete));
    });
    sent.on("error", () => resolve(false));
    sent.end();
    setTimeout(() => sent.destroy(), afterMs);
  });
}
