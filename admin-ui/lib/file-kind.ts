/** What a file is sent as. A voice note is what was recorded here; other sounds are files of sound. */
export type FileKind = "image" | "video" | "audio" | "voice" | "document" | "sticker";

/** WhatsApp shows words under these kinds of file. */
export function takesCaption(kind: FileKind): boolean {
  return kind === "image" || kind === "video" || kind === "document";
}
