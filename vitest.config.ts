import { defineConfig } from "vitest/config"

const slow = "test/**/*.slow.test.ts"

export default defineConfig({
  test: {
    // No threads: what a test starts holds for a moment the ports of all tests in its process.
    pool: "forks",
    // Most files run for less time than it takes to load Effect; none may leave anything behind.
    isolate: false,
    maxWorkers: "100%",
    silent: "passed-only",
    // The commands and examples that tests start are compiled once.
    env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/node` },
    // The time limits end what hangs, and nothing else: a busy machine takes ten times as long as an idle one.
    projects: [
      { extends: true, test: { name: "quick", include: ["test/**/*.test.ts"], exclude: [slow], testTimeout: 300_000 } },
      { extends: true, test: { name: "slow", include: [slow], testTimeout: 900_000 } }
    ]
  }
})
