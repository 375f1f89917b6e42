import { useEffect, useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/Composer.module.css";

interface Props {
  title: string;
  text?: string;
  picture?: Blob | undefined;
  /** What the cross does. */
  drop: string;
  onDrop: () => void;
}

/** Something that goes along with the next message, and can be left out again. */
export function ComposerStrip({ title, text, picture, drop, onDrop }: Props) {
  const url = useObjectUrl(picture);
  return (
    <div className={classes.quoted}>
      {/* eslint-disable-next-line @next/next/no-img-element -- a picture of this device */}
      {url && <img className={classes.thumbnail} src={url} alt="" />}
      <p className={classes.quotedText}>
        <strong>{title}</strong>
        {text && <span>{text}</span>}
      </p>
      <button type="button" className={classes.icon} aria-label={drop} onClick={onDrop}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- an address that must be given back
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return blob && url;
}
