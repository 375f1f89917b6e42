import { readableSize } from "@/lib/amounts";
import { composerTexts } from "@/lib/composer-texts";
import type { FileKind } from "@/lib/file-kind";

const MB = 1024 * 1024;

/**
 * Meta's limits for what is sent, in bytes. A photo may be larger than the 5 MB that WhatsApp takes: the desk makes
 * it smaller. Of stickers the moving ones are the larger.
 */
const LARGEST: Record<FileKind, number> = {
  image: 25 * MB,
  video: 16 * MB,
  audio: 16 * MB,
  voice: 16 * MB,
  document: 100 * MB,
  sticker: 500 * 1024,
};

const VIDEOS = ["video/mp4", "video/3gpp"];
const SOUNDS = ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"];
const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"];

const PAPERS = [".pdf", ".txt", ".csv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx"];

/** For the file dialogs of the browser. */
export const ACCEPTED = {
  media: [...PHOTOS, ...VIDEOS].join(","),
  document: PAPERS.join(","),
  sticker: "image/webp",
};

/** As what a file of this type is best sent; what WhatsApp cannot show goes as a document. */
export function kindFor(mimeType: string): FileKind {
  const type = mimeType.split(";")[0] ?? "";
  if (PHOTOS.includes(type)) return "image";
  if (VIDEOS.includes(type)) return "video";
  return SOUNDS.includes(type) ? "audio" : "document";
}

/** Why a file cannot be sent, in words, before anything of it is uploaded; null when it can. */
export function problemWith(kind: FileKind, size: number, name: string): string | null {
  if (size === 0) return composerTexts.emptyFile(name);
  const isPaper = PAPERS.some((ending) => name.toLowerCase().endsWith(ending));
  if (kind === "document" && !isPaper) return composerTexts.notTaken(name);
  const most = LARGEST[kind];
  return size > most ? composerTexts.tooLarge(name, readableSize(size), readableLimit(kind)) : null;
}

export function readableLimit(kind: FileKind): string {
  const most = LARGEST[kind];
  return most < MB ? `${most / 1024} KB` : `${most / MB} MB`;
}
