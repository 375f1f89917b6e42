import classes from "@/components/tickets/SearchResults.module.css";
import type { SnippetPart } from "@/lib/models";

/** A piece of text with what was searched for marked in it. */
export function Snippet({ parts }: { parts: SnippetPart[] }) {
  return parts.map((part, index) =>
    part.is_match ? (
      <mark key={index} className={classes.mark}>
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
