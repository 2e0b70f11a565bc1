#!/usr/bin/env node
import module from "node:module";
import process from "node:process";

// Newer Node keeps what it has compiled: TypeScript alone is 9 MB, which costs a build 0.1 s each time.
module.enableCompileCache?.();
const { run } = await import("../dist/src/cli/main.js");

// The reader of a pipe may have enough, as in `gateway explain | head`.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2));
