import dynamic from "next/dynamic";
import { useState } from "react";

import { LatePart } from "@/components/common/LatePart";
import { useFetchAhead } from "@/hooks/useFetchAhead";
import { useShortcutKeys, useShortcuts } from "@/hooks/useShortcuts";
import { keyboardTexts } from "@/lib/keyboard-texts";

const loadHelp = () => import("@/components/keyboard/ShortcutHelp");
const loadPalette = () => import("@/components/keyboard/CommandPalette");
const ShortcutHelp = dynamic(loadHelp, { ssr: false, loading: LatePart });
const CommandPalette = dynamic(loadPalette, { ssr: false, loading: LatePart });
const LATER = [loadHelp, loadPalette];

/** What the keyboard does on every page. */
export function Keyboard() {
  const [shown, setShown] = useState<"help" | "palette" | null>(null);
  useFetchAhead(LATER);
  useShortcutKeys();
  useShortcuts([
    { keys: "?", label: keyboardTexts.showHelp, group: "everywhere", run: () => setShown("help") },
    { keys: "mod+k", label: keyboardTexts.palette.open, group: "everywhere", run: () => setShown("palette") },
  ]);
  if (shown === "help") return <ShortcutHelp onClose={() => setShown(null)} />;
  return shown && <CommandPalette onClose={() => setShown(null)} />;
}
