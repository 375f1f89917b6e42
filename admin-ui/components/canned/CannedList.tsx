import { ActionIcon, TextInput } from "@mantine/core";
import { useState } from "react";

import { CannedDialog } from "@/components/canned/CannedDialog";
import { CannedForm } from "@/components/canned/CannedForm";
import classes from "@/components/canned/CannedList.module.css";
import { Dialog } from "@/components/common/Dialog";
import { Icon } from "@/components/common/Icon";
import { ListPage } from "@/components/common/ListPage";
import page from "@/components/common/ListPage.module.css";
import { useCreateCannedReply } from "@/hooks/useCannedReplies";
import { useMay } from "@/hooks/useSession";
import { matchingReplies } from "@/lib/canned-replies";
import { cannedTexts } from "@/lib/canned-texts";
import type { CannedReply } from "@/lib/models";

/** Every canned reply. Whoever may not change them can still add one. */
export function CannedList({ replies, variables }: { replies: CannedReply[]; variables: string[] }) {
  const mayManage = useMay("manage_desk");
  const create = useCreateCannedReply();
  const [isNew, setIsNew] = useState(false);
  const [edited, setEdited] = useState<CannedReply | null>(null);
  const [search, setSearch] = useState("");
  const shown = matchingReplies(replies, search.trim().replace(/^\//, ""));
  const open = () => {
    create.reset();
    setIsNew(true);
  };
  return (
    <ListPage
      title={cannedTexts.title}
      lead={mayManage ? cannedTexts.lead : cannedTexts.onlyManagers}
      create={cannedTexts.create}
      onCreate={open}
      empty={replies.length === 0 && cannedTexts.empty}
    >
      {replies.length > 0 && (
        <>
          <TextInput
            type="search"
            size="md"
            className={classes.search}
            aria-label={cannedTexts.search}
            placeholder={cannedTexts.search}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <p role="status" className={shown.length ? "visually-hidden" : page.lead}>
            {shown.length === 0 && cannedTexts.noMatch}
          </p>
          <ul className={shown.length ? page.list : undefined}>
            {shown.map((reply) => (
              <li key={reply.id} className={classes.reply}>
                <div className={classes.words}>
                  <p className={classes.names}>
                    <strong>{reply.title}</strong> <code className={classes.shortcut}>/{reply.shortcut}</code>
                  </p>
                  <p className={classes.text}>{reply.text}</p>
                </div>
                {mayManage && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={44}
                    aria-label={cannedTexts.edit(reply.shortcut)}
                    onClick={() => setEdited(reply)}
                  >
                    <Icon name="pen" />
                  </ActionIcon>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {isNew && (
        <Dialog title={cannedTexts.create} onClose={() => setIsNew(false)}>
          <CannedForm
            variables={variables}
            error={create.error}
            isPending={create.isPending}
            onSave={(fields) => create.mutate(fields, { onSuccess: () => setIsNew(false) })}
          />
        </Dialog>
      )}
      {edited && (
        <CannedDialog
          // One that a colleague has deleted stays: what was written of it would be lost without a word.
          reply={replies.find(({ id }) => id === edited.id) ?? edited}
          variables={variables}
          onClose={() => setEdited(null)}
        />
      )}
    </ListPage>
  );
}
