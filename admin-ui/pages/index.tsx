import { useRouter } from "next/router";
import { useEffect } from "react";

import { Waiting } from "@/components/common/Waiting";
import type { DeskPage } from "@/pages/_app";

const IndexPage: DeskPage = () => {
  const { replace } = useRouter();
  useEffect(() => void replace("/dashboard"), [replace]);
  return <Waiting />;
};

IndexPage.standalone = true;
export default IndexPage;
