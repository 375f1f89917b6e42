import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { refreshTags } from "@/lib/live-cache";
import type { Tag, TagColour } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function useTags() {
  return useQuery({ queryKey: keys.tags, queryFn: api.tags, select: (list) => list.tags });
}

/** The tags of a ticket, by name; one that the page has not heard of yet is left out until it has. */
export function useTagsOf(tagIds: readonly number[]): Tag[] {
  const tags = useTags().data ?? [];
  return tags.filter((tag) => tagIds.includes(tag.id));
}

interface NewTag {
  name: string;
  colour: TagColour;
}

export function useCreateTag() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, colour }: NewTag) => api.createTag(name, colour),
    onSuccess: () => refreshTags(cache),
  });
}

/** Changes of one tag. */
export function useChangeTag(tagId: number) {
  const cache = useQueryClient();
  const onSuccess = () => refreshTags(cache);
  return {
    change: useMutation({ mutationFn: (fields: Partial<NewTag>) => api.changeTag(tagId, fields), onSuccess }),
    merge: useMutation({ mutationFn: (intoId: number) => api.mergeTag(tagId, intoId), onSuccess }),
    remove: useMutation({ mutationFn: () => api.deleteTag(tagId), onSuccess }),
  };
}
