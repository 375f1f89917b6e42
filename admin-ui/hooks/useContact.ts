import type { QueryClient } from "@tanstack/react-query";
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import { refreshAll } from "@/lib/live-cache";
import type { Contact, ContactChanges } from "@/lib/models";
import { keys } from "@/lib/query-keys";

/** The customer; of none that is known yet, nothing. */
export function useContact(contactId: number | undefined) {
  return useQuery({
    queryKey: keys.contact(contactId ?? 0),
    queryFn: contactId === undefined ? skipToken : () => api.contact(contactId),
  });
}

/** Whether the desk says that there is no such customer any more. */
export function useIsErased(contactId: number | undefined): boolean {
  const { error } = useContact(contactId);
  return error instanceof ApiError && error.status === 404;
}

const settling = (cache: QueryClient, contactId: number) => ({
  onSuccess: (contact: Contact) => cache.setQueryData(keys.contact(contactId), contact),
  onError: () => cache.invalidateQueries({ queryKey: keys.contact(contactId) }),
});

/** A change carries the version that its writer saw; a refusal loads what a colleague made of it. */
export function useChangeContact(contactId: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (changes: ContactChanges) => api.changeContact(contactId, changes),
    ...settling(cache, contactId),
  });
}

/** Choices that are saved by being made: one after the other, each upon what the desk made of the one before. */
export function useChooseOfContact(contactId: number) {
  const cache = useQueryClient();
  return useMutation({
    scope: { id: `contact-${contactId}` },
    mutationFn: (choice: ContactChanges) => {
      const version = cache.getQueryData<Contact>(keys.contact(contactId))?.version;
      return api.changeContact(contactId, { ...choice, version });
    },
    ...settling(cache, contactId),
  });
}

/** Everything that is kept of the customer, for them to have: given to the browser as a file. */
export function useExportContact(contactId: number) {
  return useMutation({
    mutationFn: () => api.exportContact(contactId),
    onSuccess: (everything) => {
      const file = new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `customer-${contactId}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
}

/** Erases the customer for good; what this browser showed of them goes too. */
export function useEraseContact(contactId: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => api.eraseContact(contactId),
    onSuccess: () => {
      cache.removeQueries({ queryKey: keys.searches });
      refreshAll(cache);
    },
  });
}
