import { Fragment } from "react";

import { segmentsOf } from "@/lib/whatsapp-format";
import type { Segment } from "@/lib/whatsapp-format";

/** WhatsApp's marks and links as elements; the rest stays text, whatever it looks like. */
export function BubbleText({ text }: { text: string }) {
  return segmentsOf(text).map((segment, index) => <Fragment key={index}>{elementOf(segment)}</Fragment>);
}

function elementOf(segment: Segment) {
  switch (segment.kind) {
    case "bold":
      return <strong>{segment.text}</strong>;
    case "italic":
      return <em>{segment.text}</em>;
    case "strike":
      return <s>{segment.text}</s>;
    case "mono":
      return <code>{segment.text}</code>;
    case "link":
      return (
        <a href={segment.url} target="_blank" rel="noopener noreferrer nofollow">
          {segment.text}
        </a>
      );
    default:
      return segment.text;
  }
}
