import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No threads: what a test starts holds for a moment the ports of all tests in its process.
    pool: "forks",
    maxWorkers: "100%",
    silent: "passed-only",
    // The commands and examples that tests start are compiled once.
    env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/node` },
    testTimeout: 30_000
  }
})
