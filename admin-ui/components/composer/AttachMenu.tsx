import { useRef } from "react";

import { MenuItem } from "@/components/common/MenuItem";
import { Popup } from "@/components/common/Popup";
import { composerTexts } from "@/lib/composer-texts";
import type { FileKind } from "@/lib/file-kind";
import { ACCEPTED, readableLimit } from "@/lib/media-limits";

export type ComposerDialog = "location" | "contact" | "buttons" | "list" | "template";

interface AttachMenuProps {
  onFiles: (files: FileList, kind?: FileKind) => void;
  onDialog: (dialog: ComposerDialog) => void;
  onCanned: () => void;
}

const { items, hints } = composerTexts;

/** What else than words can be sent. The limits are told before a file is chosen. */
export function AttachMenu({ onFiles, onDialog, onCanned }: AttachMenuProps) {
  const input = useRef<HTMLInputElement>(null);
  const kind = useRef<FileKind | undefined>(undefined);

  function choose(accept: string, as?: FileKind) {
    if (!input.current) return;
    input.current.accept = accept;
    input.current.multiple = as !== "sticker";
    kind.current = as;
    input.current.click();
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ currentTarget }) => {
          if (currentTarget.files) onFiles(currentTarget.files, kind.current);
          currentTarget.value = "";
        }}
      />
      <Popup label={composerTexts.attach} icon="clip">
        <MenuItem
          icon="picture"
          label={items.media}
          hint={hints.media(readableLimit("image"), readableLimit("video"))}
          onChoose={() => choose(ACCEPTED.media)}
        />
        <MenuItem
          icon="file"
          label={items.document}
          hint={hints.document(readableLimit("document"))}
          onChoose={() => choose(ACCEPTED.document, "document")}
        />
        <MenuItem
          icon="picture"
          label={items.sticker}
          hint={hints.sticker(readableLimit("sticker"))}
          onChoose={() => choose(ACCEPTED.sticker, "sticker")}
        />
        <MenuItem icon="pin" label={items.location} onChoose={() => onDialog("location")} />
        <MenuItem icon="card" label={items.contact} onChoose={() => onDialog("contact")} />
        <MenuItem
          icon="check"
          label={items.buttons}
          hint={hints.buttons}
          onChoose={() => onDialog("buttons")}
        />
        <MenuItem icon="list" label={items.list} hint={hints.list} onChoose={() => onDialog("list")} />
        <MenuItem icon="bubble" label={items.canned} hint={hints.canned} onChoose={onCanned} />
        <MenuItem
          icon="template"
          label={items.template}
          hint={hints.template}
          onChoose={() => onDialog("template")}
        />
      </Popup>
    </>
  );
}
