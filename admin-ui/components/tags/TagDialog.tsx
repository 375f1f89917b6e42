import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import { TagForm } from "@/components/tags/TagForm";
import classes from "@/components/tags/TagList.module.css";
import { useChangeTag } from "@/hooks/useTags";
import type { Tag } from "@/lib/models";
import { tagTexts } from "@/lib/tag-texts";

interface TagDialogProps {
  tag: Tag;
  others: Tag[];
  onClose: () => void;
}

/** One tag: its name and colour, and the two ways in which it goes, each asked for twice. */
export function TagDialog({ tag, others, onClose }: TagDialogProps) {
  const { change, merge, remove } = useChangeTag(tag.id);
  const [opened] = useState(tag);
  const [intoId, setIntoId] = useState("");
  const [asksDeletion, setAsksDeletion] = useState(false);
  const done = { onSuccess: onClose };
  return (
    <Dialog title={tagTexts.edit(tag.name)} onClose={onClose}>
      <TagForm
        name={opened.name}
        colour={opened.colour}
        error={change.error}
        isPending={change.isPending}
        onSave={({ name, colour }) =>
          // What was left as it was may be a colleague's by now.
          change.mutate(
            { ...(name !== opened.name && { name }), ...(colour !== opened.colour && { colour }) },
            done,
          )
        }
      />
      {others.length > 0 && (
        <div className={classes.part}>
          <NativeSelect
            label={tagTexts.merge}
            description={tagTexts.mergeInto}
            size="md"
            value={intoId}
            data={[
              { value: "", label: "–" },
              ...others.map((other) => ({ value: String(other.id), label: other.name })),
            ]}
            onChange={(event) => setIntoId(event.currentTarget.value)}
            error={merge.error?.message}
          />
          <div className={classes.ends}>
            <Button
              variant="default"
              h={44}
              disabled={!intoId}
              loading={merge.isPending}
              onClick={() => merge.mutate(Number(intoId), done)}
            >
              {tagTexts.mergeNow}
            </Button>
          </div>
        </div>
      )}
      <div className={classes.part}>
        {asksDeletion ? (
          <>
            <p role="alert">{remove.error?.message ?? tagTexts.deleteSure(tag.name, tag.tickets)}</p>
            <div className={classes.ends}>
              <Button
                color="red"
                h={44}
                loading={remove.isPending}
                onClick={() => remove.mutate(undefined, done)}
              >
                {tagTexts.deleteNow}
              </Button>
              <Button variant="default" h={44} onClick={() => setAsksDeletion(false)}>
                {tagTexts.keep}
              </Button>
            </div>
          </>
        ) : (
          <div className={classes.ends}>
            <Button variant="default" h={44} onClick={() => setAsksDeletion(true)}>
              {tagTexts.delete}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
