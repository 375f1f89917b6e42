import Link from "next/link";

import classes from "@/components/dashboard/Overview.module.css";
import { WeekChart } from "@/components/dashboard/WeekChart";
import { useNow } from "@/hooks/useNow";
import { useOverview } from "@/hooks/useOverview";
import { usePeopleHere } from "@/hooks/usePresence";
import { useSession } from "@/hooks/useSession";
import { dashboardTexts as texts } from "@/lib/dashboard-texts";
import type { Overview, Presence } from "@/lib/models";
import { duration } from "@/lib/relative-time";

/** Waiting times, who is there, and the week. Their room is kept until the numbers are there. */
export function OverviewPanels() {
  const { data } = useOverview();
  const here = usePeopleHere().data;
  return (
    <div className={classes.panels} aria-busy={!data}>
      <section className={classes.panel} aria-labelledby="waiting">
        <h2 id="waiting">{texts.waiting}</h2>
        {data && <Waiting waiting={data.waiting} />}
      </section>
      <section className={classes.panel} aria-labelledby="online">
        <h2 id="online">{texts.online}</h2>
        {here && <Present people={here.people} />}
      </section>
      <section className={classes.panel} data-wide aria-labelledby="week">
        <h2 id="week">{texts.week}</h2>
        {data && <WeekChart days={data.days} />}
      </section>
    </div>
  );
}

function Waiting({ waiting }: { waiting: Overview["waiting"] }) {
  const now = useNow();
  if (waiting.longest_since === null || waiting.median_seconds === null) {
    return <p className={classes.none}>{texts.nobodyWaits}</p>;
  }
  const longest = duration(now - Date.parse(waiting.longest_since));
  return (
    <>
      <Link className={classes.link} href="/support-tickets?queue=open&sort=waiting">
        {texts.waitingCount(waiting.count)}
      </Link>
      <dl className={classes.facts}>
        <dt>{texts.longest}</dt>
        <dd>
          <Link
            className={classes.link}
            href={`/support-tickets?queue=open&ticket=${waiting.longest_ticket_id}`}
          >
            {longest}
          </Link>
        </dd>
        <dt>{texts.median}</dt>
        <dd>
          <Link className={classes.link} href="/support-tickets?queue=open&sort=waiting">
            {duration(waiting.median_seconds * 1000)}
          </Link>
        </dd>
      </dl>
    </>
  );
}

function Present({ people }: Presence) {
  const me = useSession().data?.admin.id;
  if (people.length === 0) return <p className={classes.none}>{texts.onlineNobody}</p>;
  return (
    <ul className={classes.people}>
      {people.map(({ admin_id: id, name }) => (
        <li key={id}>
          <Link
            className={classes.link}
            href={`/support-tickets?${id === me ? "queue=mine" : `queue=open&assignee=${id}`}`}
          >
            <span className={classes.dot} aria-hidden />
            {id === me ? texts.you(name) : name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
