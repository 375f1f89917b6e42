import { Button, TextInput } from "@mantine/core";
import { useId, useState } from "react";

import { TagChip } from "@/components/tags/TagChip";
import classes from "@/components/tags/TagField.module.css";
import { useCreateTag, useTags, useTagsOf } from "@/hooks/useTags";
import type { Ticket } from "@/lib/models";
import { tagTexts } from "@/lib/tag-texts";

interface TagFieldProps {
  ticket: Ticket;
  onAdd: (tagId: number) => void;
  onRemove: (tagId: number) => void;
}

/** The ticket's tags. The browser completes what is typed to a tag that exists; any other word becomes one. */
export function TagField({ ticket, onAdd, onRemove }: TagFieldProps) {
  const tags = useTags().data ?? [];
  const own = useTagsOf(ticket.tag_ids);
  const create = useCreateTag();
  const [name, setName] = useState("");
  const listId = useId();
  const free = tags.filter((tag) => !ticket.tag_ids.includes(tag.id));

  function add() {
    const wanted = name.trim().replace(/\s+/g, " ");
    if (!wanted) return;
    const known = tags.find((tag) => tag.name.toLowerCase() === wanted.toLowerCase());
    const put = (tagId: number) => {
      onAdd(tagId);
      setName((later) => (later === name ? "" : later));
    };
    if (known) put(known.id);
    // Also when another ticket is opened before the desk has answered.
    else
      create.mutateAsync({ name: wanted, colour: "gray" }).then(
        (tag) => put(tag.id),
        () => undefined,
      );
  }

  return (
    <div className={classes.field}>
      <span className={classes.label}>{tagTexts.onTicket}</span>
      {own.length > 0 && (
        <span className={classes.tags}>
          {own.map((tag) => (
            <TagChip key={tag.id} tag={tag} onRemove={() => onRemove(tag.id)} />
          ))}
        </span>
      )}
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextInput
          className={classes.input}
          size="md"
          aria-label={tagTexts.add}
          placeholder={tagTexts.placeholder}
          maxLength={40}
          list={listId}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={create.error?.message}
        />
        <datalist id={listId}>
          {free.map((tag) => (
            <option key={tag.id} value={tag.name} />
          ))}
        </datalist>
        <Button type="submit" variant="default" h={44} loading={create.isPending} disabled={!name.trim()}>
          {tagTexts.add}
        </Button>
      </form>
    </div>
  );
}
