/** The words of the question before answers are lost. */
export const signOutTexts = {
  title: "Sign out?",
  lead: (n: number) =>
    n === 0
      ? "What you attached or recorded is not sent yet. It is lost when you sign out."
      : n === 1
        ? "1 answer is not sent yet. It is lost when you sign out."
        : `${n} answers are not sent yet. They are lost when you sign out.`,
  stay: "Stay",
};
