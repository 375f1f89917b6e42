const OF_ALL = ["/api/auth/me", "/api/support/notifications"];

/**
 * What a page asks the desk before it shows anything, word for word as `api-client` asks. On a slow line the browser
 * asks while the scripts are still on their way.
 */
export const FIRST_QUESTIONS: Record<string, readonly string[]> = {
  "/dashboard": [...OF_ALL, "/api/support/tickets?sort=newest&limit=8"],
  "/support-tickets": [
    ...OF_ALL,
    "/api/support/tickets?status=OPEN&status=IN_PROGRESS&sort=activity&limit=50",
    "/api/support/queues",
  ],
};
