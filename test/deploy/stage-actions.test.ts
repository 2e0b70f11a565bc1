import { describe, expect, test } from "vitest";
import {
  changeSettings,
  deploy,
  promoteCanary,
  rollback,
  startCanary,
  stopCanary,
  updateCanary,
} from "../../runtime/deploy/stage-actions.js";
import { parseRecord, type StageRecord } from "../../runtime/deploy/stage-record.js";

const id = (letter: string) => letter.repeat(16);
const at = "2030-01-01T00:00:00.000Z";
const put = (record: StageRecord | undefined, letter: string, description?: string) =>
  deploy(record, { stage: "prod", api: "shop", deployment: id(letter), at, description });
const three = () => put(put(put(undefined, "a"), "b"), "c");

describe("rollback", () => {
  test("goes to what was deployed before, and in a row further back", () => {
    const once = rollback(three(), { at });
    const twice = rollback(once, { at });
    expect([once.deployment, twice.deployment]).toEqual([id("b"), id("a")]);
    expect(() => rollback(twice, { at })).toThrow(/nothing was deployed to "prod" before/);
    expect(twice.history.map(({ number, action, to }) => [number, action, to])).toEqual([
      [1, "deploy", undefined],
      [2, "deploy", undefined],
      [3, "deploy", undefined],
      [4, "rollback", 2],
      [5, "rollback", 1],
    ]);
  });

  test("after a new deployment it goes to what that one replaced", () => {
    const record = put(rollback(three(), { at }), "d");
    expect(rollback(record, { at }).deployment).toBe(id("b"));
  });

  test("to a deployment of the history, and to no other", () => {
    expect(rollback(three(), { at, to: id("a") }).deployment).toBe(id("a"));
    expect(() => rollback(three(), { at, to: id("e") })).toThrow(/never deployed/);
  });

  test("brings back the settings of then", () => {
    const changed = changeSettings(put(put(undefined, "a"), "b"), { at, overrides: { variables: { color: "red" } } });
    expect(rollback(changed, { at })).toMatchObject({ deployment: id("a"), settings: id("a"), overrides: {} });
  });
});

describe("settings", () => {
  test("by hand add up; a deployment takes them away", () => {
    const one = changeSettings(put(undefined, "a"), { at, overrides: { variables: { color: "red" }, log: "info" } });
    const two = changeSettings(one, { at, overrides: { variables: { size: "big", gone: null } } });
    expect(two.overrides).toEqual({ log: "info", variables: { color: "red", size: "big", gone: null } });
    expect(two.deployment).toBe(id("a"));
    expect(put(two, "b").overrides).toEqual({});
  });

  test("of another build, while routes and handlers stay", () => {
    expect(changeSettings(put(undefined, "a"), { at, settings: id("b") })).toMatchObject({
      deployment: id("a"),
      settings: id("b"),
    });
  });
});

describe("canary", () => {
  const canary = {
    deployment: id("c"),
    percent: 10,
    variables: [{ name: "color", value: "yellow" }],
    useStageCache: false,
  };
  const started = () => startCanary(put(undefined, "a"), { at, canary });

  test("promotion takes over deployment and variables, and ends it", () => {
    const record = promoteCanary(updateCanary(started(), { at, change: { percent: 50 } }), { at });
    expect(record).toMatchObject({ deployment: id("c"), overrides: { variables: { color: "yellow" } }, canary: null });
    expect(record.history.map(({ action }) => action)).toEqual([
      "deploy",
      "canary-start",
      "canary-update",
      "canary-promote",
    ]);
    expect(rollback(record, { at }).deployment).toBe(id("a"));
  });

  test("stopped, the stage is as before", () => {
    expect(stopCanary(started(), { at })).toMatchObject({ deployment: id("a"), canary: null, overrides: {} });
    expect(() => stopCanary(put(undefined, "a"), { at })).toThrow(/has no canary/);
  });

  test("while there is one, nothing else is deployed, rolled back or started", () => {
    for (const act of [
      () => put(started(), "d"),
      () => rollback(started(), { at }),
      () => startCanary(started(), { at, canary }),
    ]) {
      expect(act).toThrow(/promote or stop it first/);
    }
  });
});

test("a stage belongs to one API", () => {
  expect(() => deploy(three(), { stage: "prod", api: "other", deployment: id("a"), at })).toThrow(/belongs to "shop"/);
});

test.each([
  ["no JSON", "{"],
  ["no record", "{}"],
  ["an id that leaves the folder", JSON.stringify({ ...three(), deployment: "../../../../etc" })],
  ["another format", JSON.stringify({ ...three(), format: 2 })],
])("a record is not read: %s", (_name, text) => {
  expect(() => parseRecord(text, "prod.json")).toThrow(/prod\.json/);
});
