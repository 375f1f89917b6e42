import { ActionIcon } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import { Icon } from "@/components/common/Icon";
import { ListPage } from "@/components/common/ListPage";
import page from "@/components/common/ListPage.module.css";
import { TagChip } from "@/components/tags/TagChip";
import { TagDialog } from "@/components/tags/TagDialog";
import { TagForm } from "@/components/tags/TagForm";
import classes from "@/components/tags/TagList.module.css";
import { useMay } from "@/hooks/useSession";
import { useCreateTag } from "@/hooks/useTags";
import type { Tag } from "@/lib/models";
import { tagTexts } from "@/lib/tag-texts";

/** Every tag with how many tickets have it. */
export function TagList({ tags }: { tags: Tag[] }) {
  const mayManage = useMay("manage_desk");
  const create = useCreateTag();
  const [isNew, setIsNew] = useState(false);
  const [edited, setEdited] = useState<Tag | null>(null);
  return (
    <ListPage
      title={tagTexts.title}
      lead={mayManage ? tagTexts.lead : tagTexts.onlyManagers}
      create={tagTexts.create}
      onCreate={() => setIsNew(true)}
      empty={tags.length === 0 && tagTexts.empty}
    >
      <ul className={tags.length ? page.list : undefined}>
        {tags.map((tag) => (
          <li key={tag.id} className={classes.tag}>
            <TagChip tag={tag} />
            <Link
              className={classes.tickets}
              href={{ pathname: "/support-tickets", query: { queue: "all", tag: tag.id } }}
            >
              {tagTexts.tickets(tag.tickets)}
            </Link>
            {mayManage && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={44}
                aria-label={tagTexts.edit(tag.name)}
                onClick={() => setEdited(tag)}
              >
                <Icon name="pen" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {isNew && (
        <Dialog title={tagTexts.create} onClose={() => setIsNew(false)}>
          <TagForm
            error={create.error}
            isPending={create.isPending}
            onSave={(fields) => create.mutate(fields, { onSuccess: () => setIsNew(false) })}
          />
        </Dialog>
      )}
      {edited && (
        <TagDialog
          // One that a colleague has deleted or merged stays: what was written of it would be lost without a word.
          tag={tags.find(({ id }) => id === edited.id) ?? edited}
          others={tags.filter(({ id }) => id !== edited.id)}
          onClose={() => setEdited(null)}
        />
      )}
    </ListPage>
  );
}
