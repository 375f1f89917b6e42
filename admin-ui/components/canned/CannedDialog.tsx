import { Button } from "@mantine/core";
import { useState } from "react";

import { CannedForm } from "@/components/canned/CannedForm";
import classes from "@/components/canned/CannedList.module.css";
import { Dialog } from "@/components/common/Dialog";
import { useChangeCannedReply } from "@/hooks/useCannedReplies";
import { cannedTexts } from "@/lib/canned-texts";
import type { CannedReply } from "@/lib/models";

interface CannedDialogProps {
  reply: CannedReply;
  variables: string[];
  onClose: () => void;
}

/** One canned reply, changed or, asked for twice, deleted. */
export function CannedDialog({ reply, variables, onClose }: CannedDialogProps) {
  const { change, remove } = useChangeCannedReply(reply.id);
  const [opened] = useState(reply);
  const [asksDeletion, setAsksDeletion] = useState(false);
  const done = { onSuccess: onClose };
  return (
    <Dialog title={cannedTexts.edit(opened.shortcut)} onClose={onClose}>
      <CannedForm
        before={opened}
        variables={variables}
        error={change.error}
        isPending={change.isPending}
        onSave={(fields) => change.mutate({ ...fields, version: reply.version }, done)}
      />
      {reply.version > opened.version && (
        <div className={classes.part}>
          <p className={classes.label}>{cannedTexts.asItIs}</p>
          <p className={classes.preview}>{reply.text}</p>
        </div>
      )}
      <div className={classes.part}>
        {asksDeletion && (
          <p role="alert">{remove.error?.message ?? cannedTexts.deleteSure(reply.shortcut)}</p>
        )}
        <div className={classes.ends}>
          {asksDeletion ? (
            <>
              <Button
                color="red"
                h={44}
                loading={remove.isPending}
                onClick={() => remove.mutate(undefined, done)}
              >
                {cannedTexts.deleteNow}
              </Button>
              <Button variant="default" h={44} onClick={() => setAsksDeletion(false)}>
                {cannedTexts.keep}
              </Button>
            </>
          ) : (
            <Button variant="default" h={44} onClick={() => setAsksDeletion(true)}>
              {cannedTexts.delete}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
