#!/usr/bin/env node
import process from "node:process";
import { run } from "../dist/src/cli/main.js";

process.exitCode = await run(process.argv.slice(2));
