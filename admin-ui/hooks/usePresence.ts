import { useQuery } from "@tanstack/react-query";

import { useSession } from "@/hooks/useSession";
import { api } from "@/lib/api-client";
import type { Presence } from "@/lib/models";
import { keys } from "@/lib/query-keys";

const presenceQuery = { queryKey: keys.presence, queryFn: api.presence };

/** Everybody at the desk, with what they look at and write on. */
export function usePeopleHere() {
  return useQuery(presenceQuery);
}

/** The names of the colleagues who look at a ticket, and of those of them who write. */
export function useColleaguesOn(ticketId: number): { viewing: string[]; writing: string[] } {
  const me = useSession().data?.admin.id;
  const { data } = useQuery({
    ...presenceQuery,
    select: ({ people }: Presence) => {
      const others = people.filter((person) => person.admin_id !== me && person.viewing.includes(ticketId));
      const isWriting = (person: (typeof others)[number]) => person.typing.includes(ticketId);
      return {
        viewing: others.filter((person) => !isWriting(person)).map(({ name }) => name),
        writing: others.filter(isWriting).map(({ name }) => name),
      };
    },
  });
  return data ?? NOBODY;
}

const NOBODY = { viewing: [], writing: [] };
