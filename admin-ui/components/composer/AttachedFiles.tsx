import { ActionIcon } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/Composer.module.css";
import type { useAttachments } from "@/hooks/useAttachments";
import { readableSize } from "@/lib/amounts";
import { composerTexts } from "@/lib/composer-texts";

export function AttachedFiles({ attachments }: { attachments: ReturnType<typeof useAttachments> }) {
  return (
    <>
      <div role="alert">
        {attachments.problems.map((problem) => (
          <p key={problem} className={classes.problem}>
            {problem}
          </p>
        ))}
      </div>
      {attachments.files.length > 0 && (
        <ul className={classes.files} aria-label={composerTexts.attached}>
          {attachments.files.map((file) => (
            <li key={file.preview} className={classes.file}>
              {file.kind === "image" || file.kind === "sticker" ? (
                // eslint-disable-next-line @next/next/no-img-element -- a file of this browser
                <img src={file.preview} alt="" />
              ) : (
                <Icon name="file" size={22} />
              )}
              <span className={classes.fileWords}>
                <span className={classes.fileName}>{file.name}</span>
                <span className={classes.fileSize}>{readableSize(file.file.size)}</span>
              </span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={44}
                aria-label={composerTexts.remove(file.name)}
                onClick={() => attachments.remove(file)}
              >
                <Icon name="cross" size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
