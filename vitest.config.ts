import { availableParallelism } from "node:os";
import process from "node:process";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // In CI what fails is run once more: tests of sockets and processes share two cores with compilers of four languages.
    retry: process.env["CI"] === undefined ? 0 : 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default one core is kept free, which on two cores doubles the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
