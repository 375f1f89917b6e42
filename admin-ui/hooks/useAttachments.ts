import { useState, useSyncExternalStore } from "react";

import { useSession } from "@/hooks/useSession";
import { attachedFiles } from "@/lib/attached-files";
import type { FileKind } from "@/lib/file-kind";
import { kindFor, problemWith } from "@/lib/media-limits";
import type { OutgoingFile } from "@/lib/thread";

/** The files that the next answer brings, checked before anything of them leaves the browser. */
export function useAttachments(ticketId: number) {
  const name = `${useSession().data?.admin.id ?? 0}-${ticketId}`;
  const files = useSyncExternalStore(attachedFiles.subscribe, () => attachedFiles.of(name));
  const [problems, setProblems] = useState<string[]>([]);
  const put = (more: OutgoingFile[]) => attachedFiles.change(name, (all) => [...all, ...more]);

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
    put(taken);
  };

  return {
    files,
    problems,
    add,
    put,
    remove: (file: OutgoingFile) => {
      URL.revokeObjectURL(file.preview);
      attachedFiles.change(name, (all) => all.filter((one) => one !== file));
    },
    /** After they were handed on: their previews live on with them. */
    clear: () => {
      attachedFiles.change(name, () => []);
      setProblems([]);
    },
  };
}
