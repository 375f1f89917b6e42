/** How many files of tests run at once, each with desks of its own. */
export const AT_ONCE = 2;
const FIRST_PORT = Number(process.env.E2E_PORT ?? 8740);
export const PORTS = Array.from({ length: 2 * AT_ONCE }, (_, number) => FIRST_PORT + number);
/** Where the desk of this one listens. */
export const DESK_PORT = FIRST_PORT + 2 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);
/** A desk that stays empty, for the first-day pages. */
export const EMPTY_DESK_PORT = DESK_PORT + 1;
export const ADMIN = { email: "ada@example.org", password: "a-long-test-password" };
/** With which the tests sign what they deliver to the webhook themselves. */
export const APP_SECRET = "the-secret-of-the-pretend-app";
