/**
 * What a phone makes of the inbox, as JSON: seconds until it can be used on a slow line, first and second visit, and
 * frames a second while 100,000 tickets are scrolled. `node on-a-phone.mjs ADDRESS EMAIL PASSWORD`
 */
import { chromium, devices } from "@playwright/test";

const [address, email, password] = process.argv.slice(2);

/** Slow 3G as Chromium's developer tools have it: 500 kbit/s and 400 ms, made worse by what a line loses. */
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWED_CPU = { rate: 4 };
const SCROLL_MS = 6_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const phone = await browser.newContext({ ...devices["Moto G4"], baseURL: address });
await phone.request.post("/api/auth/login", { data: { email, password } });

async function visit() {
  const page = await phone.newPage();
  const line = await phone.newCDPSession(page);
  await line.send("Network.emulateNetworkConditions", SLOW_3G);
  const began = performance.now();
  await page.goto("/support-tickets/", { waitUntil: "commit", timeout: 60_000 });
  await page.locator("main a[href*='ticket=']").first().waitFor({ timeout: 60_000 });
  const seconds = (performance.now() - began) / 1000;
  await page.waitForLoadState("networkidle");
  await page.close();
  return seconds;
}

async function scroll() {
  const page = await phone.newPage();
  await page.goto("/support-tickets/");
  await page.locator("main a[href*='ticket=']").first().waitFor();
  const cpu = await phone.newCDPSession(page);
  await cpu.send("Emulation.setCPUThrottlingRate", SLOWED_CPU);
  const frames = page.evaluate(
    (lasting) =>
      new Promise((resolve) => {
        const times = [];
        const note = (now) => {
          times.push(now);
          if (now - times[0] < lasting) requestAnimationFrame(note);
          else resolve(times);
        };
        requestAnimationFrame(note);
      }),
    SCROLL_MS,
  );
  await cpu.send("Input.synthesizeScrollGesture", {
    x: 180,
    y: 400,
    yDistance: -20_000,
    speed: Math.round(20_000 / (SCROLL_MS / 1000)),
    gestureSourceType: "touch",
  });
  const times = await frames;
  const rows = await page.locator("main a[href*='ticket=']").count();
  await page.close();
  const gaps = times
    .slice(1)
    .map((time, index) => time - times[index])
    .sort((a, b) => a - b);
  return {
    frames: (gaps.length * 1000) / (times.at(-1) - times[0]),
    longest: gaps.at(-1),
    rows,
  };
}

const first = await visit();
const second = await visit();
console.log(JSON.stringify({ first, second, ...(await scroll()) }));
await browser.close();
