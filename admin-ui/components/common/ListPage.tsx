import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/common/ListPage.module.css";
import notice from "@/components/common/Notice.module.css";

interface ListPageProps {
  title: string;
  lead: string;
  create: string;
  onCreate: () => void;
  /** What an empty list says; what is there otherwise. */
  empty: string | false;
  children: ReactNode;
}

/** A page with one list, and a button that adds to it. */
export function ListPage({ title, lead, create, onCreate, empty, children }: ListPageProps) {
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h1>{title}</h1>
          <p className={classes.lead}>{lead}</p>
        </div>
        <Button h={44} leftSection={<Icon name="plus" />} onClick={onCreate}>
          {create}
        </Button>
      </div>
      {empty && (
        <div className={notice.centre}>
          <p className={notice.text}>{empty}</p>
        </div>
      )}
      {children}
    </div>
  );
}
