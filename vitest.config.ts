import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default one core is kept free, which on two cores doubles the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
