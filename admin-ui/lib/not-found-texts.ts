/** The words of an address that leads nowhere. */
export const notFoundTexts = {
  title: "There is no page here",
  lead: "The address may be misspelt, or the page has moved.",
  toDashboard: "Go to the dashboard",
};
