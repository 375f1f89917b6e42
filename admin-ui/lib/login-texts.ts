/** The words of the page where one signs in. */
export const loginTexts = {
  title: "Sign in",
  lead: "Answer your customers on WhatsApp.",
  email: "Email",
  password: "Password",
  submit: "Sign in",
  failed: "Sign-in failed",
  tooMany: "Too many attempts",
};
