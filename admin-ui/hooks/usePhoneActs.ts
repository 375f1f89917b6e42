import { useMutation, useQueryClient } from "@tanstack/react-query";

import { phone } from "@/lib/phone-client";
import { PHONE_KEY } from "@/lib/phone-cache";
import type { AccountEvent, MediaKind, NewMessage, Review } from "@/lib/phone-client";

/** A file that was chosen or recorded, and is to be sent as this kind. */
export interface ChosenFile {
  kind: MediaKind;
  file: Blob;
  filename: string;
}

/** Everything on the practice phone beside writing. One act at a time; `error` is that of the last. */
export function usePhoneActs() {
  const cache = useQueryClient();
  const act = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSuccess: () => void cache.invalidateQueries({ queryKey: PHONE_KEY }),
  });
  const does =
    <Given extends unknown[]>(call: (...given: Given) => Promise<unknown>) =>
    (...given: Given) =>
      act.mutate(() => call(...given));
  return {
    error: act.error?.message,
    isPending: act.isPending,
    react: does(phone.react),
    edit: does(phone.edit),
    remove: does(phone.remove),
    play: does(phone.play),
    changeNumber: does(phone.changeNumber),
    setClock: does(phone.setClock),
    echo: does(phone.echo),
    review: does((id: string, word: Review) => phone.review(id, word)),
    accountEvent: does((event: AccountEvent) => phone.accountEvent(event)),
    sendFile: does(async (id: string, { kind, file, filename }: ChosenFile, rest: Partial<NewMessage>) => {
      const { id: file_id } = await phone.upload(kind, file, filename);
      return phone.write(id, { ...rest, type: kind, file_id: file_id ?? null } as NewMessage);
    }),
  };
}
