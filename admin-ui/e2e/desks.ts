/** How many files of browser tests run side by side, each of these workers with a desk of its own. */
export const WORKERS = 2;
const firstPort = Number(process.env.E2E_PORT ?? 8740);
/** Where the workers' desks listen. */
export const DESK_PORTS = Array.from({ length: WORKERS }, (_, worker) => firstPort + worker);
/** The desk of this worker; Playwright numbers them from 0. */
export const DESK_PORT = firstPort + Number(process.env.TEST_PARALLEL_INDEX ?? 0);
/** A desk that stays empty, for the first-day pages. */
export const EMPTY_DESK_PORT = firstPort + WORKERS;
/** Who can sign in to them. */
export const ADMIN = { email: "ada@example.org", password: "a-long-test-password" };
/** With which the tests sign what they deliver to the webhook themselves. */
export const APP_SECRET = "the-secret-of-the-pretend-app";
