import type { ReactNode } from "react";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Media.module.css";
import { useDevicePreference } from "@/hooks/useDevicePreference";
import { messageTexts } from "@/lib/message-texts";

interface SavedDataProps {
  what: string;
  /** Of the picture's room, so that a tap moves nothing. */
  shape: string;
  children: ReactNode;
}

/** While data is saved, a picture is a button that loads it. */
export function SavedData({ what, shape, children }: SavedDataProps) {
  const [savesData] = useDevicePreference("data-saver");
  const [isWanted, setIsWanted] = useState(false);
  if (!savesData || isWanted) return children;
  return (
    <button
      type="button"
      className={classes.saved}
      style={{ aspectRatio: shape }}
      onClick={() => setIsWanted(true)}
    >
      <Icon name="download" />
      {messageTexts.loadSaved(what)}
    </button>
  );
}
