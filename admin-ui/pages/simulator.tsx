import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Phone } from "@/components/phone/Phone";
import { usePhone } from "@/hooks/usePhone";
import { phoneTexts } from "@/lib/phone-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

/** The customers' side, for trying the desk without WhatsApp. */
const SimulatorPage: DeskPage = () => {
  const phone = usePhone();
  const { data, error, refetch } = phone.state;
  return (
    <>
      <Head>
        <title>{texts.pageTitle(phoneTexts.title)}</title>
      </Head>
      {data && <Phone phone={phone} state={data} />}
      {!data && error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting />}
    </>
  );
};

SimulatorPage.standalone = true;
export default SimulatorPage;
