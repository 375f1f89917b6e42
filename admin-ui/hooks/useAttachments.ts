import { useEffect, useState } from "react";

import { useSession } from "@/hooks/useSession";
import type { FileKind } from "@/lib/file-kind";
import { kindFor, problemWith } from "@/lib/media-limits";
import type { OutgoingFile } from "@/lib/thread";

/** What is attached to answers that are not sent yet, while the page stays: another ticket may be a look or a slip. */
const attached = new Map<string, OutgoingFile[]>();

/** The files that the next answer brings, checked before anything of them leaves the browser. */
export function useAttachments(ticketId: number) {
  const name = `${useSession().data?.admin.id ?? 0}-${ticketId}`;
  const [files, setFiles] = useState(() => attached.get(name) ?? []);
  const [problems, setProblems] = useState<string[]>([]);

  useEffect(() => {
    if (files.length > 0) attached.set(name, files);
    else attached.delete(name);
  }, [name, files]);

  /** `kind` where the sender chose one; otherwise the file's type decides. */
  const add = (chosen: Iterable<File>, kind?: FileKind) => {
    const found: string[] = [];
    const taken: OutgoingFile[] = [];
    for (const file of chosen) {
      const as = kind ?? kindFor(file.type);
      const problem = problemWith(as, file.size, file.name);
      if (problem) found.push(problem);
      else taken.push({ kind: as, file, name: file.name, preview: URL.createObjectURL(file) });
    }
    setProblems(found);
    setFiles((all) => [...all, ...taken]);
  };

  return {
    files,
    problems,
    add,
    remove: (file: OutgoingFile) => {
      URL.revokeObjectURL(file.preview);
      setFiles((all) => all.filter((one) => one !== file));
    },
    /** After they were handed on: their previews live on with them. */
    clear: () => {
      setFiles([]);
      setProblems([]);
    },
  };
}
