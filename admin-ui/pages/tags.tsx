import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { TagList } from "@/components/tags/TagList";
import { useTags } from "@/hooks/useTags";
import { tagTexts } from "@/lib/tag-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const TagsPage: DeskPage = () => {
  const tags = useTags();
  if (tags.error && !tags.data) {
    return <Failure error={tags.error} onRetry={() => void tags.refetch()} />;
  }
  if (!tags.data) return <Waiting />;
  return (
    <>
      <Head>
        <title>{texts.pageTitle(tagTexts.title)}</title>
      </Head>
      <TagList tags={tags.data} />
    </>
  );
};

export default TagsPage;
