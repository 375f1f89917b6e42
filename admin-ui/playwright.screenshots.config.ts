import { defineConfig } from "@playwright/test";

import base from "./playwright.config";

/** Takes the pictures of README and docs from the running product: `npm run screenshots`. */
export default defineConfig({ ...base, testDir: "screenshots", testMatch: "*.ts", timeout: 240_000 });
