import { useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useAdmins() {
  return useQuery({
    queryKey: keys.admins,
    queryFn: api.admins,
    select: (data) => data.admins,
    staleTime: 5 * 60_000,
  });
}
