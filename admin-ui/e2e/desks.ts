/** Where the desks of the browser tests listen, and who can sign in to them. */
export const DESK_PORT = Number(process.env.E2E_PORT ?? 8740);
/** A desk that stays empty, for the first-day pages. */
export const EMPTY_DESK_PORT = DESK_PORT + 1;
export const ADMIN = { email: "ada@example.org", password: "a-long-test-password" };
/** With which the tests sign what they deliver to the webhook themselves. */
export const APP_SECRET = "the-secret-of-the-pretend-app";
