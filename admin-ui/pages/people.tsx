import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { PeopleContent } from "@/components/people/PeopleContent";
import { usePeople } from "@/hooks/usePeople";
import { peopleTexts } from "@/lib/people-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const PeoplePage: DeskPage = () => {
  const people = usePeople();
  if (people.error) return <Failure error={people.error} onRetry={() => void people.refetch()} />;
  if (!people.data) return <Waiting />;
  return (
    <>
      <Head>
        <title>{texts.pageTitle(peopleTexts.title)}</title>
      </Head>
      <PeopleContent people={people.data} />
    </>
  );
};

export default PeoplePage;
