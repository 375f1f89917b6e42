import { Button } from "@mantine/core";
import Head from "next/head";
import Link from "next/link";

import classes from "@/components/common/Notice.module.css";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const NotFoundPage: DeskPage = () => (
  <main className={classes.centre} style={{ minHeight: "100dvh" }}>
    <Head>
      <title>{texts.pageTitle(texts.errors.notFoundTitle)}</title>
    </Head>
    <h1 className={classes.title}>{texts.errors.notFoundTitle}</h1>
    <p className={classes.text}>{texts.errors.notFound}</p>
    <Button component={Link} href="/dashboard">
      {texts.errors.toDashboard}
    </Button>
  </main>
);

NotFoundPage.standalone = true;
export default NotFoundPage;
