import { Button } from "@mantine/core";
import Head from "next/head";
import Link from "next/link";

import classes from "@/components/common/Notice.module.css";
import { notFoundTexts } from "@/lib/not-found-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const NotFoundPage: DeskPage = () => (
  <main className={classes.centre} style={{ minHeight: "100dvh" }}>
    <Head>
      <title>{texts.pageTitle(notFoundTexts.title)}</title>
    </Head>
    <h1 className={classes.title}>{notFoundTexts.title}</h1>
    <p className={classes.text}>{notFoundTexts.lead}</p>
    <Button component={Link} href="/dashboard">
      {notFoundTexts.toDashboard}
    </Button>
  </main>
);

NotFoundPage.standalone = true;
export default NotFoundPage;
