// Makes the calls of scenario.json by the TypeScript SDK: node typescript.mjs <folder of the SDK> <scenario.json> <address>
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { WebSocket } from "ws";
import { runScenario } from "./typescript-steps.mjs";

const [folder, file, baseUrl] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${folder}/${path}`).href);
await runScenario({
  sdk: await load("index.js"),
  sockets: await load("socket.js"),
  integers: await load("runtime/exact-json.js"),
  platform: { WebSocket },
  scenario: readFileSync(file, "utf8"),
  baseUrl,
  print: console.log,
});
