import { ActionIcon, Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import { LatePart } from "@/components/common/LatePart";
import { useFetchAhead } from "@/hooks/useFetchAhead";
import { useAllOutgoing } from "@/hooks/useOutgoingMessages";
import { useSignOut } from "@/hooks/useSession";
import { leaving } from "@/lib/leaving";
import { texts } from "@/lib/texts";

const loadQuestion = () => import("@/components/shell/SignOutQuestion");
const SignOutQuestion = dynamic(loadQuestion, { ssr: false, loading: LatePart });
const LATER = [loadQuestion];

/** An icon, or with `words` a wide button. Asks first where answers would be lost. */
export function SignOutButton({ words }: { words?: string }) {
  useFetchAhead(LATER);
  const signOut = useSignOut();
  const unsent = useAllOutgoing().length;
  const [isAsking, setIsAsking] = useState(false);
  const goToLogin = () => {
    leaving.unasked();
    window.location.replace("/login/");
  };
  const leave = () => signOut.mutate(undefined, { onSettled: goToLogin });
  const askOrLeave = () => (unsent > 0 || leaving.wouldAsk() ? setIsAsking(true) : leave());
  const shared = { loading: signOut.isPending, onClick: askOrLeave };
  return (
    <>
      {words ? (
        <Button variant="default" h={44} fullWidth {...shared}>
          {words}
        </Button>
      ) : (
        <ActionIcon variant="subtle" color="gray" size={44} aria-label={texts.shell.signOut} {...shared}>
          <Icon name="signOut" />
        </ActionIcon>
      )}
      {isAsking && <SignOutQuestion unsent={unsent} onLeave={leave} onClose={() => setIsAsking(false)} />}
    </>
  );
}
