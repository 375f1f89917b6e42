import type { ReactNode } from "react";
import { useId } from "react";

import classes from "@/components/settings/Settings.module.css";

interface PanelProps {
  /** Where a link leads to it. */
  id?: string;
  title: string;
  lead?: string;
  /** Beside the title. */
  action?: ReactNode;
  children: ReactNode;
}

export function Panel({ id: anchor, title, lead, action, children }: PanelProps) {
  const id = useId();
  return (
    <section id={anchor} className={classes.panel} aria-labelledby={id}>
      <div className={classes.heading}>
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {lead && <p className={classes.lead}>{lead}</p>}
      {children}
    </section>
  );
}
