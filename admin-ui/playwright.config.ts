import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig } from "@playwright/test";

import { ADMIN, APP_SECRET, AT_ONCE, DESK_PORT, PORTS } from "./e2e/desks";

/** As `bin/test` tells it, or the one that it would take; without windows the tests take half the time. */
const CHROMIUM =
  process.env.CHROMIUM ?? ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find(existsSync);

/** The real product on a database of its own, with the simulator in the place of WhatsApp; its log is beside its data. */
const serve = (port: number) => ({
  command: 'rm -rf "$DATA_DIR" && exec ../.venv/bin/python ../cli.py serve 2>"$DATA_DIR.log"',
  url: `http://127.0.0.1:${port}/api/health/ready`,
  reuseExistingServer: false,
  timeout: 60_000,
  gracefulShutdown: { signal: "SIGTERM" as const, timeout: 10_000 },
  env: {
    DATA_DIR: join(tmpdir(), `chat-support-e2e-${port}`),
    DATABASE_URL: "",
    REDIS_URL: "",
    WHATSAPP_PROVIDER: "simulator",
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    WHATSAPP_APP_SECRET: APP_SECRET,
    BUSINESS_NAME: "Trade by Barter",
  },
});

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: AT_ONCE,
  timeout: 90_000, // a slow machine is no fault of the desk
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${DESK_PORT}`,
    timezoneId: "Africa/Lagos",
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    trace: "off", // a tenth of the time; --trace on keeps one
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
      ],
    },
  },
  webServer: PORTS.map(serve),
});
