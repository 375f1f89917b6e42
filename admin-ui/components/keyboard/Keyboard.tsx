import dynamic from "next/dynamic";
import { useState } from "react";

import { useShortcutKeys, useShortcuts } from "@/hooks/useShortcuts";
import { keyboardTexts } from "@/lib/keyboard-texts";

const ShortcutHelp = dynamic(() => import("@/components/keyboard/ShortcutHelp"), { ssr: false });
const CommandPalette = dynamic(() => import("@/components/keyboard/CommandPalette"), { ssr: false });

/** What the keyboard does on every page. */
export function Keyboard() {
  const [shown, setShown] = useState<"help" | "palette" | null>(null);
  useShortcutKeys();
  useShortcuts([
    { keys: "?", label: keyboardTexts.showHelp, group: "everywhere", run: () => setShown("help") },
    { keys: "mod+k", label: keyboardTexts.palette.open, group: "everywhere", run: () => setShown("palette") },
  ]);
  if (shown === "help") return <ShortcutHelp onClose={() => setShown(null)} />;
  return shown && <CommandPalette onClose={() => setShown(null)} />;
}
