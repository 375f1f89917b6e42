import Head from "next/head";

import { AuditContent } from "@/components/audit/AuditContent";
import { peopleTexts } from "@/lib/people-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const AuditPage: DeskPage = () => (
  <>
    <Head>
      <title>{texts.pageTitle(peopleTexts.audit)}</title>
    </Head>
    <AuditContent />
  </>
);

export default AuditPage;
