import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "threads",
    silent: "passed-only",
    testTimeout: 30_000
  }
})
