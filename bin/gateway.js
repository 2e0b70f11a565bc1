#!/usr/bin/env node
import process from "node:process";
import { run } from "../dist/src/cli/main.js";

// The reader of a pipe may have enough, as in `gateway explain | head`.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2));
