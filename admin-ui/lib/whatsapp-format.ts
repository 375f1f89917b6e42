export type Segment =
  | { kind: "text" | "bold" | "italic" | "strike" | "mono"; text: string }
  | { kind: "link"; text: string; url: string };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
/** A link, three backticks, or one of the marks, which hug their words and stand at the words' ends. */
const PATTERN =
  /(https?:\/\/[^\s<>"]+)|```([\s\S]+?)```|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]{0,1000}?\S)\3(?![\p{L}\p{N}])/gu;
const TRAILING = /[.,;:!?)\]*_~]+$/;

/** Cut a WhatsApp text into plain, marked and linked parts; nothing of it is ever read as HTML. */
export function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  const addText = (until: number) => {
    if (until > end) segments.push({ kind: "text", text: text.slice(end, until) });
  };
  for (const match of text.matchAll(PATTERN)) {
    const [whole, link, mono, mark, marked] = match;
    addText(match.index);
    end = match.index + whole.length;
    if (link) {
      const url = link.replace(TRAILING, "");
      segments.push({ kind: "link", text: url, url });
      end = match.index + url.length;
    } else if (mono) {
      segments.push({ kind: "mono", text: mono });
    } else if (mark && marked) {
      segments.push({ kind: MARKS[mark as keyof typeof MARKS], text: marked });
    }
  }
  addText(text.length);
  return segments;
}

/** The words without the marks, for where they are shown in one line. */
export function plainTextOf(text: string): string {
  return segmentsOf(text)
    .map((segment) => segment.text)
    .join("");
}
