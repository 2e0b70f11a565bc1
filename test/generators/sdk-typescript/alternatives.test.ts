import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { check } from "./check.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";
import { startServer, type TestServer } from "./server.js";

const gateway = `gateway: reports
models: |
  interface Report { id: string; total: number }
  interface Line { sku: string }
  interface Problem { code: string }
routes:
  GET /reports/{id}:
    operation: getReport
    mock: {}
    responses:
      200: { body: Report, alternatives: { text/csv: string, application/pdf: binary, application/vnd.lines+json: "Line[]" } }
      404: { body: Problem, alternatives: { text/plain: string } }
  GET /picture:
    operation: getPicture
    mock: {}
    responses: { 200: { body: binary, mediaType: image/png, alternatives: { application/json: Report } } }
`;

const bodies: Readonly<Record<string, string>> = {
  "text/csv": "id,total\n1,2\n",
  "application/pdf": "%PDF",
  "application/vnd.lines+json": '[{"sku":"a"}]',
  "application/json": '{"id":"1","total":2}',
  "image/png": "PNG",
};

let sdk: WrittenSdk;
let server: TestServer;
beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway));
  server = await startServer();
  server.answer = ({ headers, url }, response) => {
    const asked = headers.accept?.split(",")[0] ?? "";
    const type = url === "/picture" && asked === "image/png" ? "image/png" : asked;
    response.writeHead(200, { "content-type": type }).end(bodies[type]);
  };
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

test("a call asks for another media type, and gets what that is", async () => {
  const { createClient, getReport, getPicture } =
    await sdk.load<Record<"createClient" | "getReport" | "getPicture", (...given: unknown[]) => Promise<unknown>>>();
  const client = createClient({ baseUrl: server.url });
  const accepting = (accept: string) => getReport(client, { id: "1" }, { headers: { accept } });
  expect(await getReport(client, { id: "1" })).toEqual({ id: "1", total: 2 });
  expect(await accepting("text/csv")).toBe("id,total\n1,2\n");
  expect(await accepting("application/vnd.lines+json")).toEqual([{ sku: "a" }]);
  expect(await ((await accepting("application/pdf")) as Blob).text()).toBe("%PDF");
  expect(await ((await getPicture(client)) as Blob).text()).toBe("PNG");
  expect(await getPicture(client, {}, { headers: { accept: "application/json" } })).toEqual({ id: "1", total: 2 });
});

test("the types follow the media type that is asked for", { timeout: 60_000 }, () => {
  const program = `import { createClient, getPicture, getReport, isGetReportError, type Line, type Report } from "./index.js";
import { createApi } from "./api.js";
const client = createClient({ stage: "dev" });
export async function main(signal: AbortSignal): Promise<void> {
  const report: Report = await getReport(client, { id: "1" }, { retries: 0, headers: { "x-trace": "1" } });
  const csv: string = await getReport(client, { id: "1" }, { signal, headers: { accept: "text/csv", "x-trace": "1" } });
  const pdf: Blob = await getReport(client, { id: "1" }, { headers: { accept: "application/pdf" } });
  const lines: Line[] = await getReport(client, { id: "1" }, { headers: { accept: "application/vnd.lines+json" } });
  const picture: Blob = await getPicture(client);
  const described: Report = await getPicture(client, {}, { headers: { accept: "application/json" } });
  const text: string = await createApi().getReport({ id: "1" }, { headers: { accept: "text/csv" } });
  const result = await getReport(client, { id: "1" }, { headers: { accept: "text/csv" } }).safe();
  if (result.ok) console.log(result.body.length, report, csv, pdf, lines, picture, described, text);
  else if (result.status === 404) {
    const body: string | { code: string } = result.body;
    console.log(body);
  }
  // @ts-expect-error it is no report
  const wrong: Report = await getReport(client, { id: "1" }, { headers: { accept: "text/csv" } });
  try {
    await getReport(client, { id: "1" });
  } catch (error) {
    if (isGetReportError(error) && error.status === 404) console.log(error.body, wrong);
  }
}
`;
  expect(check(sdk.folder, { "app.ts": program }).errors).toEqual([]);
});
