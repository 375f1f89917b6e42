import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{lib,hooks,components}/**/*.test.{ts,tsx}"],
    environment: "node",
    env: { TZ: "Africa/Lagos" },
    restoreMocks: true,
    sequence: { shuffle: true },
  },
});
