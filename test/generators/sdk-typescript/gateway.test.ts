import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../../support/gateway-process.js";
import { root } from "../../support/paths.js";

/** The demo's SDK against the demo's gateway, both made by one build. */
interface Notes {
  createClient(options: { readonly baseUrl: string }): object;
  createNote(client: object, input: { readonly body: object }): Calling<Note>;
  getNote(client: object, input: { readonly id: string }): Calling<Note>;
  listNotes(client: object, input?: object): Calling<{ readonly notes: readonly Note[] }>;
  deleteNote(client: object, input: { readonly id: string }): Calling<undefined>;
  isCreateNoteError(error: unknown): boolean;
}
interface Calling<T> extends Promise<T> {
  safe(): Promise<{
    readonly ok: boolean;
    readonly status?: number;
    readonly body?: unknown;
    readonly requestId?: string;
  }>;
}
interface Note {
  readonly id: string;
  readonly text: string;
}

const folder = mkdtempSync(join(tmpdir(), "gateway-sdk-e2e-"));
let gateway: RunningGateway;
let notes: Notes;
let client: object;

beforeAll(async () => {
  const filter = (path: string) => !/\/(build|golden)$/.test(path);
  cpSync(join(root, "fixtures/demo"), folder, { recursive: true, filter });
  gateway = await startGateway(await buildFixture(folder));
  notes = await import(/* @vite-ignore */ pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href);
  client = notes.createClient({ baseUrl: `${gateway.url}/dev` });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("writes, reads, lists and removes", async () => {
  const note = await notes.createNote(client, { body: { text: "héllo / wörld" } });
  expect(note.text).toBe("héllo / wörld");
  expect(await notes.getNote(client, { id: note.id })).toEqual(note);
  expect((await notes.listNotes(client)).notes).toContainEqual(note);
  expect(await notes.deleteNote(client, { id: note.id })).toBe(undefined);
  const gone = await notes.getNote(client, { id: note.id }).safe();
  expect(gone).toMatchObject({ ok: false, status: 404 });
  expect(gone.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test("the gateway's own answer is an error of the operation", async () => {
  const error = await notes.createNote(client, { body: { text: "" } }).catch((reason: unknown) => reason);
  expect(notes.isCreateNoteError(error)).toBe(true);
  expect(error).toMatchObject({
    status: 400,
    body: { message: "Invalid request body" },
    errorType: "BadRequestException",
  });
});
