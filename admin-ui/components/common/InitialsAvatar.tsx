import classes from "@/components/common/InitialsAvatar.module.css";

/** The first letters of a name, drawn; the name itself always stands beside it. What is in brackets is no name. */
export function InitialsAvatar({ name }: { name: string }) {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith("("));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return (
    <span className={classes.avatar} aria-hidden>
      {letters.join("").toUpperCase()}
    </span>
  );
}
