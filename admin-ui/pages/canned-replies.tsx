import Head from "next/head";

import { CannedList } from "@/components/canned/CannedList";
import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { useCannedReplies } from "@/hooks/useCannedReplies";
import { cannedTexts } from "@/lib/canned-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const CannedRepliesPage: DeskPage = () => {
  const replies = useCannedReplies();
  if (replies.error && !replies.data) {
    return <Failure error={replies.error} onRetry={() => void replies.refetch()} />;
  }
  if (!replies.data) return <Waiting />;
  return (
    <>
      <Head>
        <title>{texts.pageTitle(cannedTexts.title)}</title>
      </Head>
      <CannedList replies={replies.data.canned_replies} variables={replies.data.variables} />
    </>
  );
};

export default CannedRepliesPage;
