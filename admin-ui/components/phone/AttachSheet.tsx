import { NativeSelect } from "@mantine/core";
import { useRef } from "react";
import type { ChangeEvent } from "react";

import type { IconName } from "@/components/common/Icon";
import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/AttachSheet.module.css";
import { Sheet } from "@/components/phone/Sheet";
import type { ChosenFile } from "@/hooks/usePhoneActs";
import type { MediaKind, NewMessage } from "@/lib/phone-client";
import type { Origin } from "@/lib/phone-origin";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.attachment;
const SAMPLES: [MediaKind, IconName][] = [
  ["image", "picture"],
  ["video", "play"],
  ["voice", "microphone"],
  ["audio", "note"],
  ["document", "file"],
  ["sticker", "smile"],
];

interface Props {
  origin: Origin;
  onOrigin: (origin: Origin) => void;
  onFile: (file: ChosenFile) => void;
  onWrite: (message: NewMessage) => void;
  onForm: (form: "place" | "contact") => void;
  onClose: () => void;
}

/** Everything that is not typed: from this device, ready-made, and what hardly ever comes. */
export function AttachSheet({ origin, onOrigin, onFile, onWrite, onForm, onClose }: Props) {
  const camera = useRef<HTMLInputElement>(null);
  const gallery = useRef<HTMLInputElement>(null);
  const papers = useRef<HTMLInputElement>(null);
  const choose = (kindOf: (file: File) => MediaKind) => (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    if (file) onFile({ kind: kindOf(file), file, filename: file.name });
  };
  const seen = choose((file) => (file.type.startsWith("video/") ? "video" : "image"));
  return (
    <Sheet title={phoneTexts.attach} onClose={onClose}>
      <h3 className={classes.heading}>{texts.own}</h3>
      <div className={classes.tiles}>
        <Tile icon="camera" label={texts.camera} onChoose={() => camera.current?.click()} />
        <Tile icon="picture" label={texts.gallery} onChoose={() => gallery.current?.click()} />
        <Tile icon="file" label={texts.document} onChoose={() => papers.current?.click()} />
        <Tile icon="pin" label={texts.place} onChoose={() => onForm("place")} />
        <Tile icon="card" label={texts.contact} onChoose={() => onForm("contact")} />
      </div>
      <h3 className={classes.heading}>{texts.ready}</h3>
      <div className={classes.tiles}>
        {SAMPLES.map(([type, icon]) => (
          <Tile
            key={type}
            icon={icon}
            label={texts.samples[type]}
            onChoose={() => onWrite({ type, text: "" })}
          />
        ))}
      </div>
      <h3 className={classes.heading}>{texts.rare}</h3>
      <div className={classes.tiles}>
        <Tile icon="list" label={texts.order} onChoose={() => onWrite({ type: "order" })} />
        <Tile icon="check" label={texts.poll} onChoose={() => onWrite({ type: "unsupported" })} />
        <Tile icon="alert" label={texts.unknown} onChoose={() => onWrite({ type: "hologram" })} />
        <Tile icon="right" label={texts.welcome} onChoose={() => onWrite({ type: "request_welcome" })} />
      </div>
      <NativeSelect
        className={classes.origin}
        label={texts.origin}
        value={origin}
        onChange={(event) => onOrigin(event.currentTarget.value as Origin)}
        data={Object.entries(texts.origins).map(([value, label]) => ({ value, label }))}
      />
      <input ref={camera} type="file" hidden accept="image/*" capture="environment" onChange={seen} />
      <input ref={gallery} type="file" hidden accept="image/*,video/*" onChange={seen} />
      <input ref={papers} type="file" hidden onChange={choose(() => "document")} />
    </Sheet>
  );
}

function Tile({ icon, label, onChoose }: { icon: IconName; label: string; onChoose: () => void }) {
  return (
    <button type="button" className={classes.tile} onClick={onChoose}>
      <span className={classes.disc}>
        <Icon name={icon} size={22} />
      </span>
      {label}
    </button>
  );
}
