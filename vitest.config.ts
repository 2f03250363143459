import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No threads: what a test starts holds for a moment the ports of all tests in its process.
    pool: "forks",
    maxWorkers: "100%",
    silent: "passed-only",
    testTimeout: 30_000
  }
})
