import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
      200: { body: Report, alternatives: { text/csv: string, application/pdf: binary, application/vnd.lines+json: "Line[]", application/xml: string } }
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
let isEmpty = false;
beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway));
  server = await startServer();
  server.answer = ({ headers, url }, response) => {
    const asked = headers.accept?.split(",")[0] ?? "";
    const type = url === "/picture" && asked === "image/png" ? "image/png" : asked;
    response.writeHead(200, { "content-type": type }).end(isEmpty ? "" : bodies[type]);
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

test("what is empty has the type of its media type, too", async () => {
  const { createClient, getReport, getPicture } =
    await sdk.load<Record<"createClient" | "getReport" | "getPicture", (...given: unknown[]) => Promise<unknown>>>();
  const client = createClient({ baseUrl: server.url });
  const accepting = (accept: string) => getReport(client, { id: "1" }, { headers: { accept } });
  isEmpty = true;
  try {
    const pdf = (await accepting("application/pdf")) as Blob;
    expect([pdf.size, pdf.type]).toEqual([0, "application/pdf"]);
    expect(((await getPicture(client)) as Blob).size).toBe(0);
    expect(await accepting("text/csv")).toBe("");
    expect(await accepting("application/xml")).toBe("");
    expect(await getReport(client, { id: "1" })).toBeUndefined();
  } finally {
    isEmpty = false;
  }
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

test("the mock transport answers with what is asked for, by example or as a test says", async () => {
  const { mockTransport } = await import(pathToFileURL(join(sdk.folder, "testing.js")).href);
  const { createClient, getReport, getPicture } =
    await sdk.load<Record<"createClient" | "getReport" | "getPicture", (...given: unknown[]) => Promise<unknown>>>();
  const accepting = (mock: { readonly options: object }, accept: string) =>
    getReport(createClient(mock.options), { id: "1" }, { headers: { accept } });
  const examples = mockTransport();
  expect(await getReport(createClient(examples.options), { id: "1" })).toEqual({ id: "", total: 0 });
  expect(await accepting(examples, "text/csv")).toBe("");
  expect(await accepting(examples, "application/vnd.lines+json")).toEqual([]);
  expect(((await accepting(examples, "application/pdf")) as Blob).type).toBe("application/pdf");
  expect(await getPicture(createClient(examples.options))).toBeInstanceOf(Blob);
  const given = mockTransport({
    getReport: (_: object, request: Request) =>
      request.headers.get("accept") === "text/csv"
        ? { status: 200, body: "id\n1\n" }
        : { status: 404, body: "none", headers: { "Content-Type": "text/plain" } },
  });
  expect(await accepting(given, "text/csv")).toBe("id\n1\n");
  await expect(accepting(given, "application/json")).rejects.toMatchObject({ status: 404, body: "none" });
});

test("answers of the mock transport are typed for each media type", { timeout: 60_000 }, () => {
  const program = `import { mockTransport } from "./testing.js";
mockTransport({ getReport: { status: 200, body: "id" } });
mockTransport({ getReport: { status: 200, body: { id: "1", total: 2 } } });
mockTransport({ getReport: { status: 200, body: [{ sku: "a" }] }, getPicture: { status: 200, body: { id: "1", total: 2 } } });
mockTransport({ getReport: { status: 404, body: "none" } });
// @ts-expect-error none of them
mockTransport({ getReport: { status: 200, body: { id: 1 } } });
`;
  expect(check(sdk.folder, { "mocked.ts": program }).errors).toEqual([]);
});
