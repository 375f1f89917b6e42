import Head from "next/head";
import { useRouter } from "next/router";
import { useSyncExternalStore } from "react";

import { AcceptInvite } from "@/components/invite/AcceptInvite";
import { peopleTexts } from "@/lib/people-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

function onHashChange(tell: () => void) {
  window.addEventListener("hashchange", tell);
  return () => window.removeEventListener("hashchange", tell);
}

const InvitePage: DeskPage = () => {
  const router = useRouter();
  const token = useSyncExternalStore(
    onHashChange,
    () => window.location.hash.slice(1),
    () => null,
  );
  return (
    <>
      <Head>
        <title>{texts.pageTitle(peopleTexts.welcome)}</title>
      </Head>
      {token !== null && (
        <AcceptInvite key={token} token={token} onJoined={() => void router.replace("/dashboard")} />
      )}
    </>
  );
};

InvitePage.standalone = true;
export default InvitePage;
