/** The words about who else is on a ticket. */
export const presenceTexts = {
  viewing: (names: string[]) =>
    names.length === 1 ? `${names[0]} is looking` : `${together(names)} are looking`,
  writing: (names: string[]) =>
    names.length === 1 ? `${names[0]} is writing…` : `${together(names)} are writing…`,
};

/** “Ada, Bisi and 3 more”. */
function together(names: string[]): string {
  const [first, second, ...others] = names;
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}
